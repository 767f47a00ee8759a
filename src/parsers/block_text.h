// SPDX-License-Identifier: Apache-2.0
// Reads XML whose text is in elements of a few names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/text_sink.h"
#include "parsers/xml_reader.h"

namespace dbxes::parsers {

// Names of elements.
struct BlockNames {
  std::string_view root;
  std::vector<std::string_view> text;     // all text within them is read
  std::vector<std::string_view> lines;    // they end a line
  std::vector<std::string_view> cells;    // they end a cell
  std::vector<std::string_view> skipped;  // with all that they contain
};

class BlockText final : public XmlHandler {
 public:
  // `names` must outlive it.
  BlockText(const BlockNames& names, TextSink& sink) : names_(names), sink_(sink) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override;
  void End(std::string_view name) override;
  void Text(std::string_view text) override;
  bool Done() const override { return sink_.full(); }

 private:
  const BlockNames& names_;
  TextSink& sink_;
  int skipping_ = 0;  // depth within an element that is left out
  int reading_ = 0;   // depth within elements with text
};

}  // namespace dbxes::parsers
