"""Files in and out: imports that can be rehearsed, watched, resumed and undone."""
