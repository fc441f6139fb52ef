"""The room where they meet: pages, their twins, the API, accounts and long work."""
