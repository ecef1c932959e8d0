"""The demo: an invented office with six invented complaints, for trying out the portal."""

PASSWORD = "holdfast-demo"  # noqa: S105 (public: it is printed at each start)

# Username, password, role (complaints.models.Role). Plain data, so that a program without Django can print it.
LOGINS: list[tuple[str, str, str]] = [
    ("supervisor", PASSWORD, "supervisor"),
    ("supervisor2", PASSWORD, "supervisor"),
    ("south", PASSWORD, "investigator"),
    ("south2", PASSWORD, "investigator"),
    ("north", PASSWORD, "investigator"),
    ("auditor", PASSWORD, "auditor"),
    ("administrator", PASSWORD, "administrator"),
]
