// SPDX-License-Identifier: Apache-2.0
// Small office files, made from the content that a test gives.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::parsers {

using Entries = std::map<std::string, std::string>;

std::string ZipOf(const Entries& entries);

// The entries of an Office Open XML document around a main part: `main` is its name, `relations`
// the content of its .rels ("" for none).
Entries OfficeEntries(const std::string& main, const std::string& content,
                      const std::string& relations = "");
std::string Relation(std::string_view id, std::string_view type, std::string_view target);

// A document with this in its body, e.g. <w:p><w:r><w:t>text</w:t></w:r></w:p>.
std::string Docx(const std::string& body);
std::string Words(const std::string& text);  // such a paragraph

// `kind` is "text", "spreadsheet" or "presentation"; the content is that of office:body.
Entries OpenDocumentEntries(const std::string& kind, const std::string& content);

// A PDF of these objects, numbered from 1, without a table of them: that is rebuilt from the text.
std::string PdfOf(const std::vector<std::string>& objects);

// A PDF with one line of text.
std::string Pdf(const std::string& text);

}  // namespace dbxes::parsers
