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
// Formats that Tika has a parser for and we have none: those of Elastic's connector, and similar
// ones.
constexpr std::array<std::string_view, 10> kParsedElsewhere{
    "chm", "key", "mobi", "mpp", "numbers", "odf", "pages", "pub", "vsd", "xlsb"};
// Formats that src/parsers and src/pdf read, by the family of their readers.
struct Family {
  TextFormat format;
  std::string_view extensions;  // each with a blank after it
};
constexpr std::array<Family, 8> kParsedHere{
    Family{TextFormat::kParsed,
           "docm docx dotm dotx potm potx ppsm ppsx pptm pptx xlsm xlsx xltm xltx "},
    Family{TextFormat::kOpenDocument,
           "fodg fodp fods fodt odg odp ods odt otg otp ots ott stc std sti stw sxc sxd sxi sxw "},
    Family{TextFormat::kBinaryOffice, "doc dot pot pps ppt xls xlt "},
    Family{TextFormat::kRichText, "rtf "},
    Family{TextFormat::kMail, "eml mbox mht mhtml msg "},
    Family{TextFormat::kBook, "epub fb2 "},
    Family{TextFormat::kPages, "oxps vsdm vsdx vssx vstx xps "},
    Family{TextFormat::kPdf, "pdf "}};
// With the setting ocr: what tesseract reads.
constexpr std::array<std::string_view, 8> kPictures{"bmp", "gif", "jpeg", "jpg",
                                                    "png", "tif", "tiff", "webp"};
// Read on request only: hardly anybody searches for them.
constexpr std::array<std::string_view, 4> kArchives{"gz", "tar", "tgz", "zip"};
// In the setting, a dot.
constexpr std::string_view kNoExtension;
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
  for (const Family& family : kParsedHere) {
    std::string_view rest = family.extensions;
    for (std::size_t end = rest.find(' '); end != std::string_view::npos; end = rest.find(' ')) {
      types.emplace(rest.substr(0, end), family.format);
      rest.remove_prefix(end + 1);
    }
  }
  if (mode == config::ExtractionMode::kLocal) {
    types.emplace(kNoExtension, TextFormat::kByContent);
    return types;
  }
  for (const std::string_view extension : kParsedElsewhere) {
    types.emplace(extension, TextFormat::kOpaque);
  }
  for (auto& [extension, format] : types) format = TextFormat::kOpaque;
  return types;
}

}  // namespace

ContentTypes ContentTypesOf(config::ExtractionMode mode, std::string_view setting,
                            bool reads_pictures) {
  ContentTypes built_in = BuiltIn(mode);
  for (const std::string_view extension : kPictures) {
    if (reads_pictures) built_in.emplace(extension, TextFormat::kPicture);
  }
  ContentTypes known = built_in;
  for (const std::string_view extension : kArchives) {
    if (mode == config::ExtractionMode::kLocal) known.emplace(extension, TextFormat::kArchive);
  }
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
    if (begin == std::string::npos && word.back() != '.') continue;
    const std::string extension(begin == std::string::npos ? kNoExtension : word.substr(begin));
    const auto found = known.find(extension);
    if (removes) {
      types.erase(extension);
    } else {
      types[extension] = found == known.end() ? unknown : found->second;
    }
  }
  return types;
}

}  // namespace dbxes::content
