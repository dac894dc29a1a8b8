"""The guarded fetcher and its pure helpers: locations, vantages, host budgets, reading of pages."""
