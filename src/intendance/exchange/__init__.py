"""Files in and out: trackers, flows, activities, spreadsheets; every row accounted for."""
