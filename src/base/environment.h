// SPDX-License-Identifier: Apache-2.0
// The outside world of a command: files, time, network, signals and the user. The program makes one
// (cli/environment.h); tests build their own from fakes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace dbxes {

class FileSystem;
class Http;
struct FileProbe;

// The user at the terminal, for commands that ask questions. The defaults are of a run that nobody
// watches.
struct Console {
  // Reads one line; nothing at the end of input. kInterrupted after a stop signal.
  std::function<Result<std::optional<std::string>>()> read_line = [] {
    return Result<std::optional<std::string>>(std::nullopt);
  };
  // The same, and nothing after this time: for a question that other runs wait for.
  std::function<Result<std::optional<std::string>>(Milliseconds patience)> read_answer =
      [](Milliseconds) { return Result<std::optional<std::string>>(std::nullopt); };
  // The same as read_line for a secret, which a terminal does not show.
  std::function<Result<std::optional<std::string>>()> read_secret = [] {
    return Result<std::optional<std::string>>(std::nullopt);
  };
  // Opens a link where there is a desktop. Success cannot be detected, so print the link as well.
  std::function<void(const std::string& url)> open_browser = [](const std::string&) {};
  bool over_ssh = false;
  bool interactive = false;  // somebody at a terminal can answer
};

struct Environment {
  FileSystem& files;
  FileSystem& scratch;  // for side files of runs that keep no state
  const FileProbe& probe;
  Clock& clock;
  Http& http;
  std::function<int()> stop_signal;  // the number of a signal that asks to stop, 0 for none
  std::uint64_t seed = 0;  // of the jitter; take a stream of it with SeedOf (base/random.h)
  int pid = 0;
  std::string host_name = {};  // of this machine, for people
  // Paths of the programs that read PDFs, dbx-es-pdf and pdftotext in its place; "" if they are not
  // installed.
  std::string pdf_reader = {};
  std::string pdftotext = {};
  // Of those that read words in pictures: tesseract, and pdftoppm for scanned pages.
  std::string tesseract = {};
  std::string pdftoppm = {};
  bool HasPdfReader() const { return !pdf_reader.empty() || !pdftotext.empty(); }
  // What this system lacks to confine parser processes (base/os/confinement_probe.h); "" if
  // nothing.
  std::string missing_confinement = {};
  // Whether the user has asked for the progress of the run since the last call.
  std::function<bool()> status_asked = [] { return false; };
  Console console = {};
};

}  // namespace dbxes
