// SPDX-License-Identifier: Apache-2.0
// The query of the words that somebody looks for, in the syntax of Elasticsearch's simple query
// string. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbxes::find {

// The words taken apart, as far as more than the engine's own reading of them is needed.
struct ParsedWords {
  std::string wanted;                 // all but `excluded`, in the same syntax
  std::vector<std::string> excluded;  // each a word, "a phrase" or (a group), without its minus
  // What the name has to contain, where that can be said without the engine: words that it has or
  // that it begins with, and phrases. Empty where alternatives or groups are wanted.
  std::string name_words;
  std::vector<std::string> name_phrases;
  bool names() const { return !name_words.empty() || !name_phrases.empty(); }
};
ParsedWords ParseWords(std::string_view words);

// Every word that is wanted must be somewhere: in the text, in the title, in a name. A document
// that a search for an excluded word would find does not match.
std::string WordQuery(std::string_view words);

}  // namespace dbxes::find
