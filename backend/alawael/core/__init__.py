"""What every domain stands on: units of work, ids, money, numbers, audit, jobs, errors, pages."""
