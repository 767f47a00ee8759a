// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/outlet.h"

#include <utility>

#include "base/hash.h"
#include "base/json/json_text.h"
#include "base/tree_path.h"
#include "documents/file_name.h"

namespace dbxes::sync {
namespace {

DownloadPtr DownloadFor(std::string_view id, std::string_view path, const BodyChange& body,
                        std::size_t max_bytes) {
  const content::ContentPlan& plan = *body.fetch;
  auto download = std::make_shared<Download>();
  download->request.route = plan.route;
  download->request.reference = plan.route == content::FetchRoute::kSharedLink ? plan.link : id;
  download->request.export_format = plan.export_format;
  download->request.max_bytes = max_bytes;
  if (!plan.listed_hash.empty()) {
    download->request.listed_size = plan.bytes;
    download->request.listed_hash = plan.listed_hash;
    download->request.listed_rev = plan.listed_rev;
  }
  download->format = plan.format;
  download->request.looks = plan.format == content::TextFormat::kByContent;
  download->listed_hash = body.listed_hash;
  download->rereads = body.rereads;
  download->extension = documents::ExtensionOf(NameOf(path));
  download->fingerprint = plan.fingerprint;
  download->bytes = plan.bytes;
  return download;
}

}  // namespace

Outlet::Outlet(Destination destination, std::unique_ptr<elastic::ActionSink> writer,
               content::ContentPlanner planner, std::size_t max_unacknowledged)
    : destination_(destination),
      planner_(std::move(planner)),
      writer_(std::move(writer)),
      recent_(max_unacknowledged) {}

Outlet::~Outlet() = default;

void Outlet::FetchContent(EventLoop& loop, dropbox::Client& client, Readers readers,
                          const config::Config& config, BodyWriter bodies) {
  readers_ = std::move(readers);
  max_file_bytes_ = config.extraction.MaxFileBytes();
  bodies_.emplace(std::move(bodies));
  downloads_.emplace(client, ContentReaders{readers_.service.get(), readers_.parser.get()},
                     planner_, DownloadLimits::From(config),
                     [this] { return writer_->BufferedBytes(); });
  content_.emplace(loop, *downloads_, *bodies_, recent_, *writer_);
}

elastic::ActionSink& Outlet::sink() {
  return content_ ? static_cast<elastic::ActionSink&>(*content_) : *writer_;
}

Result<void> Outlet::Drain() {
  TRY(sink().Drain());
  recent_.Clear();
  return {};
}

void Outlet::StartOver() {
  if (content_) content_->Abandon();
  writer_->StartOver();
  recent_.Clear();
}

Result<void> Outlet::Write(const elastic::BulkAction& action, const BodyChange& body) {
  if (tracks_) recent_.Add(Hash64(action.id));
  if (body.fetch != nullptr && content_ && !sample_) {
    return content_->AddWithContent(action,
                                    DownloadFor(action.id, action.path, body, max_file_bytes_));
  }
  if (changes_ != nullptr && body.fetch != nullptr) {
    elastic::BulkAction noted = action;
    // Compared with the fingerprint in the index, which may be that of a text that is not there.
    noted.text_to_come = body.has_text ? body.fetch->fingerprint : ~body.fetch->fingerprint;
    return sink().Add(noted);
  }
  return sink().Add(action);
}

void Outlet::OfferText(const documents::Draft& draft, const BodyChange& body) {
  SampledFile* const file = sample_->Offer();
  if (file == nullptr) return;
  file->id = draft.id;
  file->path = draft.path;
  // A received file has no path.
  file->document = draft.path.starts_with('/') ? R"({"file_path":)" : R"({"name":)";
  AppendJsonString(draft.display, file->document);
  file->document += '}';
  file->download = DownloadFor(draft.id, draft.path, body, max_file_bytes_);
}

Result<void> Outlet::CompareSample() {
  for (const SampledFile& file : sample_->Take()) {
    elastic::BulkAction action;
    action.kind = elastic::BulkAction::kUpdate;
    action.id = file.id;
    action.path = file.path;
    action.source = file.document;
    TRY(content_->AddWithContent(action, file.download));
  }
  return Drain();
}

bool Outlet::TouchedRecently(std::string_view id) const {
  const std::uint64_t hash = Hash64(id);
  return recent_.Contains(hash) || (content_ && content_->Holds(hash));
}

}  // namespace dbxes::sync
