// SPDX-License-Identifier: Apache-2.0
#include "content/content_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "documents/file_name.h"

namespace dbxes::content {
namespace {

// In the order of TextFormat. Increase one when the same bytes of this format give another text, so
// that a full sync extracts them again.
constexpr std::array<std::size_t, kTextFormats> kReaderVersions{1, 1, 1, 0, 5, 4, 7, 5,
                                                                5, 4, 4, 7, 1, 1, 1};
constexpr int kExtractionVersion = 1;

// Dropbox's content hash of a file without a byte.
constexpr std::string_view kHashOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

constexpr std::string_view kPdf = "pdf";
constexpr std::string_view kMarkdown = "markdown";
constexpr std::string_view kHtml = "html";

ContentPlan Without(NoContent reason) {
  ContentPlan plan;
  plan.reason = reason;
  return plan;
}

// Returns the configured format if Dropbox offers it, else the other text format, else the file's
// default, which some files do not list among their options (Dropbox HTTP API: ExportInfo).
std::string_view ExportFormat(const delta::Entry& entry, config::PaperFormat wanted) {
  const bool markdown = entry.exports_markdown || entry.export_as == kMarkdown;
  const bool html = entry.exports_html || entry.export_as == kHtml;
  if (markdown && (wanted == config::PaperFormat::kMarkdown || !html)) return kMarkdown;
  return html ? kHtml : entry.export_as;
}

// A revision changes with every move. With a hash, moves cost nothing.
std::uint64_t HashOf(std::string_view content_hash, std::string_view rev, std::string_view how) {
  const std::string_view version = content_hash.empty() ? rev : content_hash;
  // Built without an allocation, because every file of a listing has one.
  fmt::basic_memory_buffer<char, 256> text;
  text.append(version);
  text.append(how);
  return Hash64({text.data(), text.size()});
}

}  // namespace

ContentPlanner::ContentPlanner(const config::ExtractionConfig& config, InstalledReaders readers)
    : config_(config),
      readers_(config.mode == config::ExtractionMode::kLocal ? readers : InstalledReaders{}),
      formats_(ContentTypesOf(config.mode, config.extensions, config.ReadsPictures())) {
  for (std::size_t format = 0; format < how_.size(); ++format) {
    // The families of parsed formats had one version once, and keep the fingerprints of that time.
    const bool family = format <= static_cast<std::size_t>(TextFormat::kPdf);
    const std::size_t kind =
        family ? std::min(format, static_cast<std::size_t>(TextFormat::kParsed)) : format;
    how_[format] =
        fmt::format("\n{}\n{} {} {} {}", kind + (kReaderVersions[format] << 8), kExtractionVersion,
                    ToString(config.mode), config.max_body_chars, config.reduce_whitespace);
    // Added only where it is set, so that other files are not fetched again.
    if (config.GuessesLanguage()) how_[format] += " language";
  }
  const std::string ocr = config.ReadsPictures() ? " ocr " + config.ocr.languages : "";
  how_[static_cast<std::size_t>(TextFormat::kPicture)] += ocr;
  std::string& pdf = how_[static_cast<std::size_t>(TextFormat::kPdf)];
  pdf += ocr;
  // A PDF that pdftotext has read is read again once dbx-es-pdf is there, and not the other way.
  better_pdf_ = pdf + " dbx-es-pdf";
  if (readers_.pdf_program) pdf = std::exchange(better_pdf_, "");
}

ContentPlan ContentPlanner::Plan(const delta::Entry& entry) const {
  if (entry.kind != delta::EntryKind::kFile || config_.mode == config::ExtractionMode::kOff)
    return {};
  if (entry.is_symlink) return Without(NoContent::kType);
  // The flag decides, not the name: a file that can be downloaded may have the name x.paper.
  if (!entry.is_downloadable) return PlanExport(entry);
  const std::string extension = documents::ExtensionOf(entry.name);
  NoContent reason = Refuse(extension, entry.size);
  // The size is an odd value that was dropped, where the hash is not that of an empty file.
  const bool has_bytes = !entry.content_hash.empty() && entry.content_hash != kHashOfNothing;
  if (reason == NoContent::kEmpty && has_bytes) reason = NoContent::kNone;
  if (reason != NoContent::kNone && !LacksReader(reason)) return Without(reason);
  ContentPlan plan = Without(reason);
  plan.fetch = reason == NoContent::kNone;
  plan.format = *formats_.Find(extension);
  plan.bytes = entry.size != 0 ? entry.size : config_.MaxFileBytes();
  plan.listed_hash = entry.size != 0 ? entry.content_hash : std::string_view();
  plan.listed_rev = entry.rev;
  AddFingerprints(entry.content_hash, entry.rev, plan);
  return plan;
}

ContentPlan ContentPlanner::Plan(const dropbox::LinkedFile& file) const {
  if (config_.mode == config::ExtractionMode::kOff) return {};
  const std::string extension = documents::ExtensionOf(file.name);
  const NoContent reason = Refuse(extension, file.size);
  if (reason != NoContent::kNone && !LacksReader(reason)) return Without(reason);
  if (!file.allows_download) return Without(NoContent::kRefused);
  ContentPlan plan = Without(reason);
  plan.fetch = reason == NoContent::kNone;
  plan.route = FetchRoute::kSharedLink;
  plan.link = file.url;
  plan.format = *formats_.Find(extension);
  plan.bytes = file.size;
  AddFingerprints("", file.rev, plan);
  return plan;
}

NoContent ContentPlanner::Refuse(std::string_view extension, std::uint64_t size) const {
  const TextFormat* const format = formats_.Find(extension);
  if (format == nullptr) return NoContent::kType;
  if (size == 0) return NoContent::kEmpty;
  if (size > config_.MaxFileBytes()) return NoContent::kTooLarge;
  if (!readers_.pdf && extension == kPdf) return NoContent::kNoPdftotext;
  const bool picture = *format == TextFormat::kPicture;
  return picture && !readers_.pictures ? NoContent::kNoOcr : NoContent::kNone;
}

// The entry has the size of a stub, which means nothing.
ContentPlan ContentPlanner::PlanExport(const delta::Entry& entry) const {
  const std::string_view format = ExportFormat(entry, config_.paper_format);
  const bool paper = format == kMarkdown || format == kHtml;
  // An export without a format is no file without an extension.
  const TextFormat* read = format.empty() ? nullptr : formats_.Find(paper ? "paper" : format);
  if (read == nullptr) return Without(NoContent::kType);
  const bool unreadable = !readers_.pdf && format == kPdf;
  ContentPlan plan = Without(unreadable ? NoContent::kNoPdftotext : NoContent::kNone);
  plan.fetch = !unreadable;
  plan.route = FetchRoute::kExport;
  plan.export_format = format;
  const bool page = format == kHtml && config_.mode == config::ExtractionMode::kLocal;
  plan.format = page ? TextFormat::kHtml : *read;
  plan.bytes = config_.MaxFileBytes();
  AddFingerprints(entry.content_hash, entry.rev, plan);
  return plan;
}

std::uint64_t ContentPlanner::FingerprintOf(const FetchedContent& served, bool listed_hash,
                                            TextFormat format) const {
  return Fingerprint(listed_hash ? std::string_view(served.content_hash) : "", served.rev, format);
}

std::uint64_t ContentPlanner::Fingerprint(std::string_view content_hash, std::string_view rev,
                                          TextFormat format) const {
  return HashOf(content_hash, rev, how_[static_cast<std::size_t>(format)]);
}

void ContentPlanner::AddFingerprints(std::string_view content_hash, std::string_view rev,
                                     ContentPlan& plan) const {
  plan.fingerprint = Fingerprint(content_hash, rev, plan.format);
  const bool worse = plan.format == TextFormat::kPdf && !better_pdf_.empty();
  if (worse) plan.better_fingerprint = HashOf(content_hash, rev, better_pdf_);
}

}  // namespace dbxes::content
