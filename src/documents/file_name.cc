// SPDX-License-Identifier: Apache-2.0
#include "documents/file_name.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/ascii.h"
#include "base/http/url.h"
#include "base/tree_path.h"
#include "documents/extension_table.h"

namespace dbxes::documents {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Media types by extension. They are fixed here rather than read from the system, so that a
// document does not depend on the machine that wrote it.
constexpr Row kMimeTypes[] = {
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"adoc", "text/asciidoc"},
    {"ai", "application/postscript"},
    {"asciidoc", "text/asciidoc"},
    {"asm", "text/x-asm"},
    {"aspx", "text/aspdotnet"},
    {"avi", "video/x-msvideo"},
    {"bash", "application/x-sh"},
    {"bat", "application/x-bat"},
    {"bib", "application/x-bibtex-text-file"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"c", "text/x-c"},
    {"cc", "text/x-c++"},
    {"cfg", "text/plain"},
    {"chm", "application/vnd.ms-htmlhelp"},
    {"clj", "text/x-clojure"},
    {"cljs", "text/x-clojure"},
    {"cmake", "text/x-cmake"},
    {"cmd", "application/x-bat"},
    {"conf", "text/plain"},
    {"cpp", "text/x-c++"},
    {"cs", "text/x-csharp"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"cxx", "text/x-c++"},
    {"dart", "text/x-dart"},
    {"diff", "text/x-diff"},
    {"doc", "application/msword"},
    {"docm", "application/vnd.ms-word.document.macroenabled.12"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"dot", "application/msword"},
    {"dotm", "application/vnd.ms-word.template.macroenabled.12"},
    {"dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template"},
    {"elm", "text/x-elm"},
    {"eml", "message/rfc822"},
    {"eps", "application/postscript"},
    {"epub", "application/epub+zip"},
    {"erl", "text/x-erlang"},
    {"ex", "text/x-elixir"},
    {"exs", "text/x-elixir"},
    {"f90", "text/x-fortran"},
    {"fb2", "application/x-fictionbook+xml"},
    {"flac", "audio/flac"},
    {"fodg", "application/vnd.oasis.opendocument.graphics-flat-xml"},
    {"fodp", "application/vnd.oasis.opendocument.presentation-flat-xml"},
    {"fods", "application/vnd.oasis.opendocument.spreadsheet-flat-xml"},
    {"fodt", "application/vnd.oasis.opendocument.text-flat-xml"},
    {"fs", "text/x-fsharp"},
    {"gif", "image/gif"},
    {"go", "text/x-go"},
    {"gradle", "text/x-groovy"},
    {"graphql", "application/graphql"},
    {"groovy", "text/x-groovy"},
    {"gz", "application/gzip"},
    {"h", "text/x-c"},
    {"heic", "image/heic"},
    {"hpp", "text/x-c++"},
    {"hs", "text/x-haskell"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"hxx", "text/x-c++"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar"},
    {"ini", "text/plain"},
    {"ipynb", "application/x-ipynb+json"},
    {"java", "text/x-java"},
    {"jl", "text/x-julia"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"jsonl", "application/x-ndjson"},
    {"jsx", "text/javascript"},
    {"key", "application/vnd.apple.keynote"},
    {"kml", "application/vnd.google-earth.kml+xml"},
    {"kt", "text/x-kotlin"},
    {"kts", "text/x-kotlin"},
    {"less", "text/x-less"},
    {"log", "text/plain"},
    {"lua", "text/x-lua"},
    {"m", "text/x-objcsrc"},
    {"m4a", "audio/mp4"},
    {"markdown", "text/markdown"},
    {"mbox", "application/mbox"},
    {"md", "text/markdown"},
    {"mdx", "text/markdown"},
    {"mht", "multipart/related"},
    {"mhtml", "multipart/related"},
    {"mjs", "text/javascript"},
    {"mkv", "video/x-matroska"},
    {"ml", "text/x-ocaml"},
    {"mobi", "application/x-mobipocket-ebook"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpp", "application/vnd.ms-project"},
    {"msg", "application/vnd.ms-outlook"},
    {"ndjson", "application/x-ndjson"},
    {"numbers", "application/vnd.apple.numbers"},
    {"odf", "application/vnd.oasis.opendocument.formula"},
    {"odg", "application/vnd.oasis.opendocument.graphics"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ogg", "audio/ogg"},
    {"opml", "text/x-opml"},
    {"org", "text/org"},
    {"otg", "application/vnd.oasis.opendocument.graphics-template"},
    {"otp", "application/vnd.oasis.opendocument.presentation-template"},
    {"ots", "application/vnd.oasis.opendocument.spreadsheet-template"},
    {"ott", "application/vnd.oasis.opendocument.text-template"},
    {"oxps", "application/oxps"},
    {"pages", "application/vnd.apple.pages"},
    {"paper", "application/vnd.dropbox.paper"},
    {"patch", "text/x-diff"},
    {"pdf", "application/pdf"},
    {"php", "text/x-php"},
    {"pl", "text/x-perl"},
    {"plist", "application/x-plist"},
    {"pm", "text/x-perl"},
    {"png", "image/png"},
    {"pot", "application/vnd.ms-powerpoint"},
    {"potm", "application/vnd.ms-powerpoint.template.macroenabled.12"},
    {"potx", "application/vnd.openxmlformats-officedocument.presentationml.template"},
    {"pps", "application/vnd.ms-powerpoint"},
    {"ppsm", "application/vnd.ms-powerpoint.slideshow.macroenabled.12"},
    {"ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptm", "application/vnd.ms-powerpoint.presentation.macroenabled.12"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"properties", "text/x-java-properties"},
    {"proto", "text/x-protobuf"},
    {"ps1", "text/x-powershell"},
    {"psd", "image/vnd.adobe.photoshop"},
    {"pub", "application/x-mspublisher"},
    {"py", "text/x-python"},
    {"r", "text/x-r"},
    {"rar", "application/vnd.rar"},
    {"rb", "text/x-ruby"},
    {"rs", "text/x-rust"},
    {"rss", "application/rss+xml"},
    {"rst", "text/x-rst"},
    {"rtf", "application/rtf"},
    {"sass", "text/x-sass"},
    {"scala", "text/x-scala"},
    {"scss", "text/x-scss"},
    {"sh", "application/x-sh"},
    {"shtml", "text/html"},
    {"sql", "application/sql"},
    {"srt", "application/x-subrip"},
    {"stc", "application/vnd.sun.xml.calc.template"},
    {"std", "application/vnd.sun.xml.draw.template"},
    {"sti", "application/vnd.sun.xml.impress.template"},
    {"stw", "application/vnd.sun.xml.writer.template"},
    {"svg", "image/svg+xml"},
    {"swift", "text/x-swift"},
    {"sxc", "application/vnd.sun.xml.calc"},
    {"sxd", "application/vnd.sun.xml.draw"},
    {"sxi", "application/vnd.sun.xml.impress"},
    {"sxw", "application/vnd.sun.xml.writer"},
    {"tar", "application/x-tar"},
    {"tcl", "text/x-tcl"},
    {"tex", "application/x-tex"},
    {"text", "text/plain"},
    {"textile", "text/x-textile"},
    {"tf", "text/x-terraform"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"toml", "application/toml"},
    {"ts", "text/x-typescript"},
    {"tsv", "text/tab-separated-values"},
    {"tsx", "text/x-typescript"},
    {"txt", "text/plain"},
    {"vb", "text/x-vbasic"},
    {"vcf", "text/vcard"},
    {"vsd", "application/vnd.visio"},
    {"vsdm", "application/vnd.ms-visio.drawing.macroenabled.12"},
    {"vsdx", "application/vnd.ms-visio.drawing"},
    {"vssx", "application/vnd.ms-visio.stencil"},
    {"vstx", "application/vnd.ms-visio.template"},
    {"vtt", "text/vtt"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"wsdl", "application/wsdl+xml"},
    {"xhtml", "application/xhtml+xml"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsb", "application/vnd.ms-excel.sheet.binary.macroenabled.12"},
    {"xlsm", "application/vnd.ms-excel.sheet.macroenabled.12"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xlt", "application/vnd.ms-excel"},
    {"xltm", "application/vnd.ms-excel.template.macroenabled.12"},
    {"xltx", "application/vnd.openxmlformats-officedocument.spreadsheetml.template"},
    {"xml", "application/xml"},
    {"xps", "application/vnd.ms-xpsdocument"},
    {"xsd", "application/xml"},
    {"xsl", "application/xslt+xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
};

}  // namespace

std::string ExtensionOf(std::string_view name) {
  const std::size_t dot = FindLast(name, '.');
  if (dot == std::string_view::npos || name.find_first_not_of('.') > dot) return {};
  return LowerAscii(name.substr(dot + 1));
}

std::string_view MimeTypeOf(std::string_view extension) {
  static const ExtensionTable<std::string_view> types(kMimeTypes);
  const std::string_view* const type = types.Find(extension);
  return type != nullptr ? *type : std::string_view();
}

bool IsPaperName(std::string_view name) {
  constexpr std::string_view kSuffix = ".paper";
  return name.size() >= kSuffix.size() && name.substr(name.size() - kSuffix.size()) == kSuffix;
}

void AppendFolderUrl(std::string_view web_url, std::string_view folder, std::string& out) {
  out += web_url;
  out += "/home";
  AppendPercentEncoded(folder, true, out);
}

void AppendNameInUrl(std::string_view name, bool is_folder, JsonBuffer& out) {
  const std::string_view before = is_folder ? "/" : "?preview=";
  const std::size_t room = before.size() + 3 * name.size();
  char* const begin = out.Push(room);
  std::memcpy(begin, before.data(), before.size());
  const char* const end = WritePercentEncoded(name, false, begin + before.size());
  out.Pop(room - static_cast<std::size_t>(end - begin));
}

}  // namespace dbxes::documents
