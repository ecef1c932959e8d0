"""The demo's six complaints, one a file. All people and companies are invented."""
