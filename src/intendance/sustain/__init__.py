"""What keeps working: steady state, forecast, simulation, frontier, asks."""
