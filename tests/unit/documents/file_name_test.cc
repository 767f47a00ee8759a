// SPDX-License-Identifier: Apache-2.0
#include "documents/file_name.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/tree_path.h"

namespace dbxes::documents {
namespace {

using Strings = std::vector<std::string>;

Strings Ancestors(std::string_view path) {
  Strings folders;
  ForEachAncestor(path, [&](std::string_view folder) { folders.emplace_back(folder); });
  return folders;
}

}  // namespace

// The right column is os.path.splitext(name)[1] of Python, without its dot and in lower case.
TEST_CASE("the extension of a name") {
  const std::pair<std::string, std::string> names[] = {
      {"a.txt", "txt"},
      {"a.TXT", "txt"},
      {"a.tar.gz", "gz"},
      {"a b.T X", "t x"},
      {"1.7z", "7z"},
      {".bashrc", ""},
      {".a.b", "b"},
      {"..txt", ""},
      {"...a.b", "b"},
      {"a..b", "b"},
      {"a.b.", ""},
      {"x.", ""},
      {".a.", ""},
      {".", ""},
      {"..", ""},
      {"....", ""},
      {"a....", ""},
      {"noext", ""},
      {"", ""},
      // Only ASCII is put in lower case: anything else is a matter of languages.
      {"a.\xc3\x89T\xc3\x89", "\xc3\x89t\xc3\x89"},
      {"\xf0\x9f\x98\x80.png", "png"},
      {std::string("nul\0.txt", 8), "txt"},
  };
  for (const auto& [name, extension] : names) {
    const std::string shown(name);
    CAPTURE(shown);
    CHECK(ExtensionOf(name) == extension);
  }
}

TEST_CASE("the media type of an extension") {
  const std::pair<std::string, std::string> types[] = {
      {"7z", "application/x-7z-compressed"},  // the first row
      {"pdf", "application/pdf"},
      {"txt", "text/plain"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {"paper", "application/vnd.dropbox.paper"},
      {"zip", "application/zip"},  // the last row
      {"", ""},
      {"0", ""},
      {"doc ", ""},
      {"do", ""},
      {"docxx", ""},
      {"PDF", ""},  // extensions come in lower case
      {"zzz", ""},
  };
  for (const auto& [extension, type] : types) {
    const std::string shown(extension);
    CAPTURE(shown);
    CHECK(MimeTypeOf(extension) == type);
  }
}

TEST_CASE("Paper documents are recognised by their names, in lower case only") {
  for (const char* name : {"Plan.paper", "a.b.paper", ".paper", "x..paper"}) {
    CHECK(IsPaperName(name));
  }
  for (const char* name :
       {"paper", "Plan.PAPER", "Plan.paper.txt", "Plan.papert", "a.paper ", ""}) {
    CHECK_FALSE(IsPaperName(name));
  }
}

TEST_CASE("the folders above a path, outermost first") {
  CHECK(Ancestors("/a/b/c") == Strings{"/a", "/a/b"});
  CHECK(Ancestors("/a") == Strings());
  CHECK(Ancestors("/") == Strings());
  CHECK(Ancestors("") == Strings());
  CHECK(Ancestors("/\xc3\xa9 t/x\ny/z") == Strings{"/\xc3\xa9 t", "/\xc3\xa9 t/x\ny"});
}

TEST_CASE("the page that shows a file within its folder, and a folder itself") {
  struct Row {
    const char* path;
    const char* of_file;
    const char* of_folder;
  };
  const Row rows[] = {
      {"/a.txt", "/home?preview=a.txt", "/home/a.txt"},
      {"/A/b c.txt", "/home/A?preview=b%20c.txt", "/home/A/b%20c.txt"},
      {"/A B/C/d", "/home/A%20B/C?preview=d", "/home/A%20B/C/d"},
      {"/50%/100%2F.txt", "/home/50%25?preview=100%252F.txt", "/home/50%25/100%252F.txt"},
      {"/a?b/c#d&e=f+g", "/home/a%3Fb?preview=c%23d%26e%3Df%2Bg", "/home/a%3Fb/c%23d%26e%3Df%2Bg"},
      {"/new\nline/\"quotes'\\", "/home/new%0Aline?preview=%22quotes%27%5C",
       "/home/new%0Aline/%22quotes%27%5C"},
      {"/\xf0\x9f\x98\x80/\xc3\xa9", "/home/%F0%9F%98%80?preview=%C3%A9",
       "/home/%F0%9F%98%80/%C3%A9"},
      {"/<b>/;:@,$!*()", "/home/%3Cb%3E?preview=%3B%3A%40%2C%24%21%2A%28%29",
       "/home/%3Cb%3E/%3B%3A%40%2C%24%21%2A%28%29"},
      {"/../.hidden", "/home/..?preview=.hidden", "/home/../.hidden"},
  };
  const std::string web = "https://www.dropbox.com";
  const auto url = [&](std::string_view path, bool is_folder) {
    std::string out;
    AppendFolderUrl(web, FolderOf(path), out);
    JsonBuffer name;
    AppendNameInUrl(NameOf(path), is_folder, name);
    return out.append(View(name));
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.path));
    CHECK(url(row.path, false) == web + row.of_file);
    CHECK(url(row.path, true) == web + row.of_folder);
  }
}

}  // namespace dbxes::documents
