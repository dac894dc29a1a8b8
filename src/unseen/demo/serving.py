"""The demonstration's desk left running: its clock walks on, its worker works, and its authenticator shows codes."""

import signal
import time
from datetime import timedelta

from rich.console import Console

from unseen.accounts.codes import STEP_S, step_of
from unseen.demo.story import PASSWORD, STAFF, code
from unseen.demo.world import World, stop


def serve_desk(world: World, console: Console) -> None:
    """Until Ctrl-C. The simulated clock goes as fast as a real one from where the story ended."""
    # Whoever stops this one process must not leave two others behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    server, worker = world.start("serve"), world.start("worker")
    shown = 0
    try:
        world.wait_for_server(server)
        console.print(
            f"The desk: http://{world.environment['UNSEEN_BIND']}/  log in as '{STAFF}' with '{PASSWORD}' "
            f"and the code; a new one comes every {STEP_S} s. Ctrl-C ends it."
        )
        while server.poll() is None:
            if step_of(world.now()) != shown:
                shown = step_of(world.now())
                console.print(f"code {code(world)}")
            time.sleep(1)
            world.move_to(world.now() + timedelta(seconds=1))
    except KeyboardInterrupt:
        console.print("Stopped.")
    finally:
        stop(worker)
        stop(server)
