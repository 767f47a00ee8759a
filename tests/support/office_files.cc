// SPDX-License-Identifier: Apache-2.0
#include "support/office_files.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace dbxes::parsers {
namespace {

constexpr std::string_view kTypes =
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
constexpr std::string_view kRelationshipType =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

std::string Relations(const std::string& relations) {
  return "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" +
         relations + "</Relationships>";
}

struct Free {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

void Require(bool done) {
  if (!done) throw std::runtime_error("libzip cannot make this archive");
}

void Add(const std::string& name, const std::string& content, zip_t* archive) {
  std::unique_ptr<zip_source_t, Free> source(
      zip_source_buffer(archive, content.data(), content.size(), 0));
  Require(zip_file_add(archive, name.c_str(), source.get(), ZIP_FL_ENC_UTF_8) >= 0);
  static_cast<void>(source.release());  // it belongs to the archive now
}

}  // namespace

std::string ZipOf(const Entries& entries) {
  const std::unique_ptr<zip_source_t, Free> target(
      zip_source_buffer_create(nullptr, 0, 0, nullptr));
  zip_source_keep(target.get());  // past the end of the archive
  std::unique_ptr<zip_t, Free> archive(zip_open_from_source(target.get(), ZIP_TRUNCATE, nullptr));
  Require(archive != nullptr);
  for (const auto& [name, content] : entries) Add(name, content, archive.get());
  Require(zip_close(archive.get()) == 0);
  static_cast<void>(archive.release());
  zip_stat_t stat;
  Require(zip_source_stat(target.get(), &stat) == 0);
  std::string bytes(stat.size, '\0');
  Require(zip_source_open(target.get()) == 0);
  Require(zip_source_read(target.get(), bytes.data(), bytes.size()) ==
          static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(target.get());
  return bytes;
}

std::string Relation(std::string_view id, std::string_view type, std::string_view target) {
  return fmt::format("<Relationship Id='{}' Type='{}{}' Target='{}'/>", id, kRelationshipType, type,
                     target);
}

Entries OfficeEntries(const std::string& main, const std::string& content,
                      const std::string& relations) {
  Entries entries{{"[Content_Types].xml", std::string(kTypes)},
                  {"_rels/.rels", Relations(Relation("rId1", "officeDocument", main))},
                  {main, content}};
  const std::size_t folder = main.rfind('/') + 1;
  if (!relations.empty()) {
    entries[main.substr(0, folder) + "_rels/" + main.substr(folder) + ".rels"] =
        Relations(relations);
  }
  return entries;
}

std::string Docx(const std::string& body) {
  return ZipOf(OfficeEntries("word/document.xml", "<w:document xmlns:w='urn:w'><w:body>" + body +
                                                      "</w:body></w:document>"));
}

std::string Words(const std::string& text) {
  return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

Entries OpenDocumentEntries(const std::string& kind, const std::string& content) {
  return {{"mimetype", "application/vnd.oasis.opendocument." + kind},
          {"content.xml",
           "<office:document-content xmlns:office='urn:office' xmlns:text='urn:text' "
           "xmlns:table='urn:table' xmlns:draw='urn:draw' xmlns:dc='urn:dc'><office:body>" +
               content + "</office:body></office:document-content>"}};
}

std::string PdfOf(const std::vector<std::string>& objects) {
  std::string pdf = "%PDF-1.4\n";
  for (std::size_t number = 1; number <= objects.size(); ++number) {
    pdf += std::to_string(number) + " 0 obj\n" + objects[number - 1] + "\nendobj\n";
  }
  return pdf + "trailer<</Root 1 0 R>>\n%%EOF\n";
}

std::string Pdf(const std::string& text) {
  const std::string page = fmt::format("BT /F1 12 Tf 72 700 Td ({}) Tj ET", text);
  const std::vector<std::string> objects{
      "<</Type/Catalog/Pages 2 0 R>>",
      "<</Type/Pages/Kids[3 0 R]/Count 1>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
      "/Resources<</Font<</F1 5 0 R>>>>>>",
      fmt::format("<</Length {}>>stream\n{}\nendstream", page.size(), page),
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
      "<</Title(Notes on birds)/Author(Ann Lee)>>"};
  std::string bytes = "%PDF-1.4\n";
  std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (std::size_t at = 0; at < objects.size(); ++at) {
    table += fmt::format("{:010} 00000 n \n", bytes.size());
    bytes += fmt::format("{} 0 obj{}endobj\n", at + 1, objects[at]);
  }
  const std::size_t begin = bytes.size();
  return bytes + table +
         fmt::format("trailer<</Size {}/Root 1 0 R/Info 6 0 R>>\nstartxref\n{}\n%%EOF\n",
                     objects.size() + 1, begin);
}

}  // namespace dbxes::parsers
