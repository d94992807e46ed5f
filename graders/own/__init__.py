"""Students' own data: read, checked for leaks, split by the host, and measured against an opponent."""
