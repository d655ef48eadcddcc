"""The books: accounts, periods and journal entries that balance. What was sold lives above."""
