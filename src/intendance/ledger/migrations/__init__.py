"""How a ledger's tables came to be: one Alembic revision for each released schema."""
