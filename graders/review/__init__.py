"""What a person marks, and what comes of it: answers to mark first, marks as edits, what they taught."""
