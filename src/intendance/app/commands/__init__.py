"""One file of commands a room, each with register(app)."""
