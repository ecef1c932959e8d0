"""A Celery worker that is killed (-9) before or after a function is called.

`python -m tests.support.dying_worker before|after MODULE FUNCTION QUEUE`
"""

import importlib
import os
import signal
import sys
from typing import Any

import django


def main(when: str, module_name: str, function: str, queue: str) -> None:
    django.setup()
    from portal.celery import app

    module = importlib.import_module(module_name)
    step = getattr(module, function)

    def step_that_kills(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            step(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, function, step_that_kills)
    app.worker_main(["worker", "--pool", "solo", "--queues", queue, "--loglevel", "WARNING"])


if __name__ == "__main__":
    main(*sys.argv[1:])
