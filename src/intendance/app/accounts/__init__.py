"""Who works here: people, sessions, tokens, links, the audit trail, and the office's papers."""
