"""What we hold, where, for whom it is set aside, and what it cost. Orders live above."""
