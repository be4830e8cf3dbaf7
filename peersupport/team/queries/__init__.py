"""Who serves, and when. Read by matching, statistics and the pages; nothing here writes."""
