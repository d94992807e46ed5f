"""Learns from people's marks: a prior from public sets, an instructor's course, the marks of one question."""
