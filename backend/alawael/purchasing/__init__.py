"""Getting goods: requisitions, enquiries, orders to suppliers, receipts and their bills."""
