"""
Runs a notebook without a browser, and fails on everything that goes wrong in it.

    python run_notebook.py NOTEBOOK --output FILE [--cwd FOLDER] [--timeout SECONDS] [--lenient]

tslab says little when something goes wrong: an error is text on stderr and a bare "error", a rejection that nobody
awaited or a timer that throws is only text on stderr, often after the cell has ended and nbclient has stopped listening,
and a cell that follows an error can come back aborted, as if it had run. So this listens to the end, keeps track of which cell each message
belongs to, and refuses: a reply that is not "ok", any text on stderr (with --lenient only what reads like an error), and
execution counts that are not 1, 2, 3, ...

The notebook is written only when all is well, at once, and clean: no timings, no ids of displays, no paths of this machine.
Cells tagged `results` are what a reader wants to see at the end: their text is printed after the run.

Called by setup/notebook.mjs, which knows the kernel and the environment.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
import time
from pathlib import Path

# jsonschema, wherever it finds this package, compiles a grammar with it for a second; notebooks are checked without.
sys.modules["rfc3987_syntax"] = None

import nbformat
from nbclient import NotebookClient
from nbclient.client import CellExecutionComplete
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# How long to listen, after the last cell, to what timers and promises have left to say.
AFTERMATH_SECONDS = 1.5
# A line now and then while a long cell runs.
HEARTBEAT_SECONDS = 20

ERROR_TEXT = re.compile(
    r"UnhandledPromiseRejection|UncaughtException|^\s*(Uncaught )?\w*(Error|Exception)\b|^\s+at .+:\d+:\d+|^\d+:\d+ - ",
    re.MULTILINE,
)


class NotebookFailure(Exception):
    """What went wrong in which cell."""

    def __init__(self, what, cell=None, number=None, text=""):
        super().__init__(what)
        self.what, self.cell, self.number, self.text = what, cell, number, text

    def report(self, name):
        lines = [f"{name}: {self.what}" if self.number is None else f"{name}, cell {self.number}: {self.what}"]
        if self.cell is not None:
            lines += ["  the cell:", *("    " + line for line in self.cell.source.splitlines())]
        if self.text.strip():
            # said later than its cell, it stands under the cell that ran by then
            late = re.search(r"Unhandled|Uncaught", self.text) and (self.number or 0) > 1
            lines += ["  its stderr (a promise or timer of an earlier cell may have said it):" if late else "  its stderr:", *("    " + line for line in self.text.strip().splitlines())]
        return "\n".join(lines)


def outputs_text(cell, name):
    return "".join(out["text"] for out in cell.get("outputs", []) if out["output_type"] == "stream" and out["name"] == name)


def last_line(cell):
    """The last line a cell has shown so far: printed, or in a display that it updates."""
    for out in reversed(cell.get("outputs", [])):
        text = out.get("text") or out.get("data", {}).get("text/plain", "")
        lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
        if lines:
            return lines[-1].strip()[:100]
    return ""


class Client(NotebookClient):
    """
    nbclient, but a message that comes after its cell has ended still reaches its cell, and Ctrl-C ends the run in order.
    """

    def __init__(self, notebook, **options):
        super().__init__(notebook, **options)
        self.requests = {}
        self.stopped = False

    def stop_on_signals(self):
        task = asyncio.current_task()

        def stop():
            self.stopped = True
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                asyncio.get_running_loop().add_signal_handler(number, stop)
            except NotImplementedError:
                pass  # Windows: Ctrl-C ends the process as it does everywhere there

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        self.requests[parent_msg_id] = (cell, cell_index)
        while await self.next_message() != parent_msg_id:
            pass

    async def next_message(self):
        """Handles one message; gives the id of the request that it ends, if it ends one."""
        message = await self.kc.iopub_channel.get_msg(timeout=None)
        parent = message["parent_header"].get("msg_id")
        if parent in self.requests:
            try:
                self.process_message(message, *self.requests[parent])
            except CellExecutionComplete:
                return parent
        return None

    async def listen(self, seconds):
        async def forever():
            while True:
                await self.next_message()

        try:
            await asyncio.wait_for(forever(), seconds)
        except (asyncio.TimeoutError, TimeoutError):
            pass


class Progress:
    """A line a cell; where a cell takes long, what it shows just now."""

    def __init__(self, name, total):
        self.name, self.total, self.terminal = name, total, sys.stdout.isatty()

    async def watch(self, cell, number):
        start = time.monotonic()
        try:
            while True:
                await asyncio.sleep(1 if self.terminal else HEARTBEAT_SECONDS)
                text = f"  {self.name} cell {number}/{self.total}, {time.monotonic() - start:.0f} s  {last_line(cell)}"
                print("\r\x1b[K" + text[:110] if self.terminal else text, end="" if self.terminal else "\n", flush=True)
        finally:
            if self.terminal:
                print("\r\x1b[K", end="")

    def done(self, cell, number, seconds):
        first = cell.source.strip().splitlines()[0]
        print(f"{self.name} cell {number}/{self.total}  {seconds:6.1f} s  {first[:80]}", flush=True)


def check_stderr(cell, number, lenient):
    text = outputs_text(cell, "stderr")
    if text and (not lenient or ERROR_TEXT.search(text)):
        raise NotebookFailure("text on stderr, which is where tslab puts errors", cell, number, text)


async def run(notebook, name, cwd, timeout, lenient):
    """Executes all code cells; raises NotebookFailure."""
    cells = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = Client(
        notebook,
        kernel_name="labor-llm",
        timeout=timeout,
        startup_timeout=120,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(cwd)}},
        record_timing=False,
        coalesce_streams=False,
    )
    replies = {}

    def keep_reply(cell, cell_index, execute_reply):
        replies[cell_index] = execute_reply["content"]

    client.on_cell_executed = keep_reply
    for _, cell in cells:
        cell.outputs, cell.execution_count = [], None
    progress = Progress(name, len(cells))
    for number, (_, cell) in enumerate(cells, 1):
        if not cell.source.strip():
            raise NotebookFailure("an empty code cell: fill it or take it out", cell, number)
    async with client.async_setup_kernel():
        client.stop_on_signals()
        for number, (index, cell) in enumerate(cells, 1):
            start = time.monotonic()
            watch = asyncio.ensure_future(progress.watch(cell, number))
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError:
                # stderr travels on a channel of its own and may come after the reply
                await client.listen(0.2)
                raise NotebookFailure("it failed", cell, number, outputs_text(cell, "stderr")) from None
            except CellTimeoutError:
                raise NotebookFailure(f"not done after {timeout} s", cell, number, outputs_text(cell, "stderr")) from None
            except DeadKernelError:
                # what nbclient makes of a cancelled cell, too
                what = "stopped" if client.stopped else "the kernel died (out of memory?)"
                raise NotebookFailure(what, cell, number) from None
            finally:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
            reply = replies[index]
            if reply["status"] != "ok":
                raise NotebookFailure(f"it did not run: {reply['status']}", cell, number, outputs_text(cell, "stderr"))
            if reply.get("execution_count") != number:
                raise NotebookFailure(f"it has execution count {reply.get('execution_count')}", cell, number)
            cell.execution_count = number
            for earlier, (_, other) in enumerate(cells[:number], 1):
                check_stderr(other, earlier, lenient)
            progress.done(cell, number, time.monotonic() - start)
        await client.listen(AFTERMATH_SECONDS)
        for number, (_, cell) in enumerate(cells, 1):
            check_stderr(cell, number, lenient)


def join_streams(outputs):
    """Pieces of one stream become one text, with what carriage returns overwrote left out."""
    joined = []
    for out in outputs:
        before = joined[-1] if joined else None
        if out["output_type"] == "stream" and before and before.get("name") == out["name"]:
            before["text"] += out["text"]
        else:
            joined.append(out)
    for out in joined:
        if out["output_type"] == "stream":
            out["text"] = re.sub(r"[^\n]*\r(?=[^\n])", "", out["text"])
    return joined


def without_paths(value, paths):
    """The same JSON with the machine's folders replaced by what they are to a reader."""
    if isinstance(value, str):
        for path, name in paths:
            value = value.replace(path, name)
        return value
    if isinstance(value, list):
        return [without_paths(item, paths) for item in value]
    if isinstance(value, dict):
        return type(value)({key: without_paths(item, paths) for key, item in value.items()})
    return value


def clean(notebook, root):
    """What differs between machines and runs without meaning anything to a reader goes."""
    home = str(Path.home())
    paths = [(str(root), ".")] + ([(home, "~")] if home not in ("/", "") else [])
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [without_paths(out, paths) for out in join_streams(cell.outputs)]
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "TypeScript (labor-llm)", "language": "typescript", "name": "labor-llm"},
            "language_info": {"file_extension": ".ts", "mimetype": "text/typescript", "name": "typescript"},
        }
    )
    return notebook


def write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    nbformat.write(notebook, temporary)
    os.replace(temporary, path)


def print_results(notebook):
    for cell in notebook.cells:
        if "results" in cell.metadata.get("tags", []):
            texts = (out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)
            print("\n" + "\n".join(text.rstrip() for text in texts if text))


def main():
    parser = argparse.ArgumentParser(description="Runs a notebook and fails on everything that goes wrong in it.")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--output", type=Path, required=True, help="where the executed notebook goes")
    parser.add_argument("--cwd", type=Path, help="the kernel's folder; by default the notebook's")
    parser.add_argument("--timeout", type=int, help="seconds a cell may take; by default no limit")
    parser.add_argument("--lenient", action="store_true", help="allow what is on stderr and does not read like an error")
    options = parser.parse_args()
    name = options.notebook.stem
    notebook = nbformat.read(options.notebook, as_version=4)
    root = Path(__file__).resolve().parent.parent
    cwd = (options.cwd or options.notebook.parent).resolve()
    try:
        asyncio.run(run(notebook, name, cwd, options.timeout, options.lenient))
    except NotebookFailure as failure:
        print("\n" + failure.report(options.notebook.name), file=sys.stderr)
        return 1
    write(clean(notebook, root), options.output)
    print_results(notebook)
    return 0


if __name__ == "__main__":
    sys.exit(main())
