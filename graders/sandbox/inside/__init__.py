"""What runs beside the student's code: mounted by itself, imported as `inside`, ignorant of the toolkit."""
