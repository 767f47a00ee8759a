// SPDX-License-Identifier: Apache-2.0
#include "content/content_types.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"

namespace dbxes::content {
namespace {

// The text formats of Elastic's connector, and similar ones that its users asked for.
constexpr std::array<std::string_view, 92> kPlain{
    "adoc",  "asciidoc", "asm",     "bash",   "bat",   "bib",      "c",     "cc",   "cfg",
    "clj",   "cljs",     "cmake",   "cmd",    "conf",  "cpp",      "cs",    "css",  "csv",
    "cxx",   "dart",     "diff",    "elm",    "erl",   "ex",       "exs",   "f90",  "fs",
    "go",    "gradle",   "graphql", "groovy", "h",     "hpp",      "hs",    "hxx",  "ics",
    "ini",   "ipynb",    "java",    "jl",     "js",    "json",     "jsonl", "jsx",  "kt",
    "kts",   "less",     "log",     "lua",    "m",     "markdown", "md",    "mdx",  "mjs",
    "ml",    "ndjson",   "org",     "paper",  "patch", "php",      "pl",    "pm",   "properties",
    "proto", "ps1",      "py",      "r",      "rb",    "rs",       "rst",   "sass", "scala",
    "scss",  "sh",       "sql",     "srt",    "swift", "tcl",      "tex",   "text", "textile",
    "tf",    "toml",     "ts",      "tsv",    "tsx",   "txt",      "vb",    "vcf",  "vtt",
    "yaml",  "yml"};
// Formats that Tika has a parser for: those of Elastic's connector, and similar ones.
constexpr std::array<std::string_view, 47> kParsed{
    "chm",  "doc",  "docm", "docx", "dot",  "dotm",    "dotx", "eml", "epub", "fb2",
    "key",  "mht",  "mobi", "msg",  "mpp",  "numbers", "odf",  "odg", "odp",  "ods",
    "odt",  "otg",  "otp",  "ots",  "ott",  "pages",   "pdf",  "pot", "potm", "potx",
    "pps",  "ppsm", "ppsx", "ppt",  "pptm", "pptx",    "pub",  "rtf", "vsd",  "vsdm",
    "vsdx", "xls",  "xlsb", "xlsm", "xlsx", "xltm",    "xltx"};
// Formats that src/parsers reads.
constexpr std::array<std::string_view, 56> kParsedHere{
    "doc",  "docm", "docx", "dot",   "dotm", "dotx", "eml",  "epub", "fb2",  "fodg", "fodp", "fods",
    "fodt", "mbox", "mht",  "mhtml", "msg",  "odg",  "odp",  "ods",  "odt",  "otg",  "otp",  "ots",
    "ott",  "oxps", "pdf",  "pot",   "potm", "potx", "pps",  "ppsm", "ppsx", "ppt",  "pptm", "pptx",
    "rtf",  "stc",  "std",  "sti",   "stw",  "sxc",  "sxd",  "sxi",  "sxw",  "vsdm", "vsdx", "vssx",
    "vstx", "xls",  "xlsm", "xlsx",  "xlt",  "xltm", "xltx", "xps"};
constexpr std::array<std::string_view, 5> kHtml{"aspx", "htm", "html", "shtml", "xhtml"};
constexpr std::array<std::string_view, 9> kXml{"kml",  "opml", "plist", "rss", "svg",
                                               "wsdl", "xml",  "xsd",   "xsl"};

std::vector<std::string> SplitList(std::string_view list) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : list) {
    if (c != ' ' && c != ',' && c != '\t') {
      word += LowerAscii(c);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

ContentTypes BuiltIn(config::ExtractionMode mode) {
  ContentTypes types;
  if (mode == config::ExtractionMode::kOff) return types;
  for (const std::string_view extension : kPlain) types.emplace(extension, TextFormat::kPlain);
  for (const std::string_view extension : kHtml) types.emplace(extension, TextFormat::kHtml);
  for (const std::string_view extension : kXml) types.emplace(extension, TextFormat::kXml);
  if (mode == config::ExtractionMode::kLocal) {
    for (const std::string_view extension : kParsedHere) {
      types.emplace(extension, TextFormat::kParsed);
    }
    return types;
  }
  for (const std::string_view extension : kParsed) types.emplace(extension, TextFormat::kOpaque);
  for (auto& [extension, format] : types) format = TextFormat::kOpaque;
  return types;
}

}  // namespace

ContentTypes ContentTypesOf(config::ExtractionMode mode, std::string_view setting) {
  const ContentTypes built_in = BuiltIn(mode);
  const TextFormat unknown =
      mode == config::ExtractionMode::kLocal ? TextFormat::kPlain : TextFormat::kOpaque;
  const std::vector<std::string> words = SplitList(setting);
  const bool changes = std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return word.front() == '+' || word.front() == '-';
  });
  ContentTypes types = changes ? built_in : ContentTypes();
  for (const std::string& word : words) {
    const bool removes = word.front() == '-';
    // ".txt" is accepted, too.
    const std::size_t begin = word.find_first_not_of("+-.");
    if (begin == std::string::npos) continue;
    const std::string extension = word.substr(begin);
    const auto known = built_in.find(extension);
    if (removes) {
      types.erase(extension);
    } else {
      types[extension] = known == built_in.end() ? unknown : known->second;
    }
  }
  return types;
}

}  // namespace dbxes::content
