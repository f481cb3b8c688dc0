"""Before the Complaint: effects of proactive handling on complaint volume and satisfaction."""
