// SPDX-License-Identifier: Apache-2.0
// Turns a PDF into text with poppler. It may crash, and take all the time and memory that there is:
// call it in a process made for one file (pdf/server.h).
#pragma once

#include <functional>
#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/worker_protocol.h"
#include "pdf/text_stream.h"

namespace dbxes::pdf {

// Loads what every file needs: encodings and the names of characters. Call it once, before files
// can no longer be opened.
void LoadPoppler();

// Writes the text to `text` and returns everything else. `bytes` outlive the call. `begun` gets
// what is known before the pages are read, which may never end.
parsers::WorkerAnswer ReadDocument(
    std::string_view bytes, const parsers::ParseLimits& limits, TextStream& text,
    const std::function<void(const parsers::WorkerAnswer&)>& begun = [](const auto&) {});

}  // namespace dbxes::pdf
