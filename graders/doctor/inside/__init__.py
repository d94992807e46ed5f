"""What runs beside the notebook of the doctor, in the students' interpreter."""
