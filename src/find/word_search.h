// SPDX-License-Identifier: Apache-2.0
// The command search: the documents of the index with some words, the best first.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "elastic/client.h"
#include "find/ask_index.h"
#include "find/found_document.h"
#include "report/reporter.h"

namespace dbxes::find {

struct WordQuestion {
  std::string words;      // in the syntax of word_query.h
  std::string user = {};  // finds only what this user may see; "" finds everything
  std::size_t limit = 10;
};

// A piece of the text, without line breaks; the words that were found are strong.
using Snippet = std::vector<report::TextPart>;

struct WordHit {
  FoundDocument document;
  std::vector<Snippet> snippets;
};

struct WordAnswer {
  Total total;
  std::vector<WordHit> hits;
};

// kNotFound: there is no such index, or the user has no identity in it. Where the index cannot
// highlight a text (index.highlight.max_analyzed_offset), hits come without snippets.
Result<WordAnswer> SearchWords(elastic::Client& client, const std::string& index,
                               const WordQuestion& question);

// For people: a few lines for each hit, with an empty one between two.
std::vector<std::vector<report::TextPart>> WordLines(const WordAnswer& answer);
// "12 documents found; the first 10 are shown, --limit shows more".
std::string WordSummary(const WordAnswer& answer);
// kFailed if nothing was found, as of grep(1).
ExitCode WordCode(const WordAnswer& answer);
// One JSON object on one line.
std::string WordJson(const WordAnswer& answer);

}  // namespace dbxes::find
