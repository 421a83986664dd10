"""Takes out of TensorFlow's wheel what the addon is compiled and linked against: python unpack.py WHEEL FOLDER."""

import os
import shutil
import sys
import zipfile

LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")
# What the headers of TensorFlow's C interface include; the other 10,000 are for C++ programs.
HEADERS = ("include/tensorflow/c/", "include/tensorflow/core/platform/ctstring", "include/tsl/platform/ctstring",
           "include/tsl/platform/platform.h", "include/xla/tsl/c/",
           "include/tensorflow/core/common_runtime/next_pluggable_device/c/")

wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename[len("tensorflow/"):]
        if entry.is_dir() or not (name in LIBRARIES or name.startswith(HEADERS)):
            continue
        target = os.path.join(folder, "lib/" + name if name in LIBRARIES else name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(entry) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
