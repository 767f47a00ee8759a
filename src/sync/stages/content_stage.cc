// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/content_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/tree_path.h"
#include "checkpoint/failures_file.h"
#include "documents/body.h"
#include "documents/file_name.h"
#include "parsers/extracted_text.h"

namespace dbxes::sync {
namespace {

// Enough that downloads go on while a page is listed and compared.
constexpr std::size_t kMostWaiting = 1000;
// A page is thousands of files: what was begun for the first ones has to get its turn while the
// others are prepared.
constexpr std::uint64_t kFilesPerTurn = 32;
// How far down the queue to look for a file that fits where the first one does not, and how often
// the first one is passed over before everything waits for it.
constexpr std::size_t kLookAhead = 64;
constexpr int kMostOvertaken = 1000;
// So many files in a row that the network does not let through are no accident of single files.
constexpr int kMostOutages = 50;
// The part of the memory that is left for the one file that is becoming a document.
constexpr std::size_t kShareOfDocument = 8;
// The part of it that the text of one file may take that a parser reads.
constexpr std::size_t kShareOfText = 16;

content::FetchRequest RequestFor(std::string_view id, const content::ContentPlan& plan,
                                 std::size_t max_bytes) {
  content::FetchRequest request;
  request.route = plan.route;
  request.reference = plan.route == content::FetchRoute::kSharedLink ? plan.link : id;
  request.export_format = plan.export_format;
  request.max_bytes = max_bytes;
  return request;
}

// Concerns this document alone; anything else ends the run.
bool ConcernsOneFile(const Error& error) {
  return error.kind == ErrorKind::kTemporary || error.kind == ErrorKind::kInternal;
}

}  // namespace

struct ContentStage::Job {
  std::uint64_t number = 0;
  std::uint64_t id_hash = 0;
  elastic::BulkAction::Kind kind = elastic::BulkAction::kIndex;
  std::string id;
  std::string path;
  std::string source;
  bool upserts = true;
  content::FetchRequest request;
  content::TextFormat format = content::TextFormat::kPlain;
  bool listed_hash = false;
  std::string extension;                     // a hint for the service
  std::optional<std::uint64_t> fingerprint;  // of its text, once handed on, as LateBody tells it
  std::size_t bytes = 0;                     // held for it
  std::optional<Result<content::FetchedContent>> content;
  std::optional<Result<content::ExtractedText>> text;  // by the service
  bool complete = false;                               // the source is what is to be written
};

ContentStage::ContentStage(EventLoop& loop, dropbox::Client& dropbox, ContentReaders readers,
                           const config::Config& config, std::unique_ptr<elastic::ActionSink> sink,
                           std::size_t max_unacknowledged, report::Counters& counters,
                           report::Reporter& reporter,
                           std::function<void(report::FailedDocument)> on_failed)
    : loop_(loop),
      dropbox_(dropbox),
      readers_(readers),
      config_(config.extraction),
      planner_(config.extraction),
      sink_(std::move(sink)),
      counters_(counters),
      reporter_(reporter),
      on_failed_(std::move(on_failed)),
      max_downloads_(static_cast<std::size_t>(config.dropbox.concurrent_downloads)),
      max_unacknowledged_(max_unacknowledged) {}

ContentStage::~ContentStage() { *alive_ = false; }

Result<void> ContentStage::AddWithContent(const elastic::BulkAction& action,
                                          const content::ContentPlan& plan, bool listed_hash) {
  const std::uint64_t id_hash = Hash64(action.id);
  TRY(WaitUntil([&] {
    return jobs_.size() < kMostWaiting + max_downloads_ && jobs_by_id_.count(id_hash) == 0;
  }));
  auto job = std::make_shared<Job>();
  job->number = ++last_number_;
  job->id_hash = id_hash;
  job->kind = action.kind;
  job->id = action.id;
  job->path = action.path;
  job->source.reserve(action.source.size() + action.tail.size());
  job->source.append(action.source).append(action.tail);
  job->upserts = action.upserts;
  job->request = RequestFor(action.id, plan, config_.MaxFileBytes());
  job->format = plan.format;
  job->listed_hash = listed_hash;
  job->extension = documents::ExtensionOf(NameOf(action.path));
  job->fingerprint = plan.fingerprint;
  job->bytes = plan.bytes;
  jobs_.emplace(job->number, job);
  jobs_by_id_.emplace(id_hash, job);
  waiting_.push_back(std::move(job));
  StartSome();
  if (last_number_ % kFilesPerTurn == 0) loop_.RunOnce(Milliseconds(0));
  return {};
}

bool ContentStage::TouchedLately(std::string_view id) const {
  const std::uint64_t hash = Hash64(id);
  return jobs_by_id_.count(hash) + recent_.count(hash) + before_.count(hash) > 0;
}

std::optional<std::uint64_t> ContentStage::LateBody(std::string_view id) const {
  const std::uint64_t hash = Hash64(id);
  if (const auto job = jobs_by_id_.find(hash); job != jobs_by_id_.end()) {
    return job->second->fingerprint;
  }
  if (const auto late = recent_.find(hash); late != recent_.end()) return late->second;
  const auto earlier = before_.find(hash);
  return earlier == before_.end() ? std::nullopt : earlier->second;
}

void ContentStage::Remember(std::uint64_t id_hash, std::optional<std::uint64_t> fingerprint) {
  if (recent_.size() >= max_unacknowledged_) {
    std::swap(recent_, before_);
    recent_.clear();
  }
  recent_[id_hash] = fingerprint;
}

bool ContentStage::HasRoom(const Job& job) const {
  const std::size_t held = BufferedBytes();
  // A file that is alone has room: the settings saw to it that it fits.
  const std::size_t room = config_.max_memory - config_.max_memory / kShareOfDocument;
  return held_bytes_ == 0 || held + job.bytes <= room;
}

// In order as far as memory allows: where the first that waits does not fit, smaller ones behind it
// go first, but not for ever.
void ContentStage::StartSome() {
  ParseSome();
  while (downloads_ < max_downloads_ && !waiting_.empty()) {
    const std::size_t sight =
        overtaken_ < kMostOvertaken ? std::min(kLookAhead, waiting_.size()) : std::size_t{1};
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(sight);
    const auto fits =
        std::find_if(waiting_.begin(), end, [this](const JobPtr& job) { return HasRoom(*job); });
    if (fits == end) return;
    overtaken_ = fits == waiting_.begin() ? 0 : overtaken_ + 1;
    const JobPtr job = *fits;
    waiting_.erase(fits);
    Start(job);
  }
}

void ContentStage::Start(const JobPtr& job) {
  ++downloads_;
  held_bytes_ += job->bytes;
  content::FetchContent(dropbox_, job->request)
      .Then([this, job, alive = alive_](Result<content::FetchedContent> content) {
        if (*alive) OnFetched(job, std::move(content));
      });
}

// Called from within the loop, where nothing may wait: the rest is Pump's.
void ContentStage::OnFetched(const JobPtr& job, Result<content::FetchedContent> content) {
  --downloads_;
  held_bytes_ -= job->bytes;
  if (jobs_.count(job->number) == 0) return;  // abandoned
  job->bytes = content ? content->bytes.capacity() : 0;
  held_bytes_ += job->bytes;
  job->content.emplace(std::move(content));
  if (readers_.service != nullptr && *job->content) {
    Read(job);
  } else if (job->format == content::TextFormat::kParsed && *job->content) {
    unparsed_.push_back(job);
  } else {
    arrived_.push_back(job);
  }
  StartSome();
}

// The service gets the file as a whole, proven by its hash and held for the case that it has to be
// sent again.
void ContentStage::Read(const JobPtr& job) {
  content::FetchedContent& content = **job->content;
  job->fingerprint = planner_.FingerprintOf(content, job->listed_hash, job->format);
  content::FileToRead file;
  file.bytes = std::make_shared<const std::string>(std::move(content.bytes));
  file.extension = job->extension;
  readers_.service->Read(std::move(file))
      .Then([this, job, alive = alive_](Result<content::ExtractedText> text) {
        if (*alive) OnRead(job, std::move(text));
      });
}

void ContentStage::OnRead(const JobPtr& job, Result<content::ExtractedText> text) {
  held_bytes_ -= job->bytes;
  if (jobs_.count(job->number) == 0) return;  // abandoned, and nothing starts any more
  job->bytes = text ? text->text.capacity() : 0;
  held_bytes_ += job->bytes;
  job->text.emplace(std::move(text));
  arrived_.push_back(job);
  StartSome();
}

parsers::ParserSettings ContentStage::ParsersFor(const config::ExtractionConfig& config) {
  return parsers::SystemParserSettings(config.max_file_download_size,
                                       config.max_memory / kShareOfText);
}

// A small file may have a long text. So each that is read counts as if it had the longest that it
// may have; but one is read whatever else is held, or nothing would ever go on.
bool ContentStage::HasRoomToParse() const {
  const std::size_t text = config_.max_memory / kShareOfText;
  return texts_ == 0 || BufferedBytes() + text <= config_.max_memory;
}

void ContentStage::ParseSome() {
  const content::TextLimits limits{config_.max_body_chars, config_.reduce_whitespace};
  while (!unparsed_.empty() && HasRoomToParse()) {
    const JobPtr job = std::move(unparsed_.front());
    unparsed_.pop_front();
    ++texts_;
    job->bytes += config_.max_memory / kShareOfText;
    held_bytes_ += config_.max_memory / kShareOfText;
    content::FetchedContent& content = **job->content;
    job->fingerprint = planner_.FingerprintOf(content, job->listed_hash, job->format);
    readers_.parser->Parse(std::move(content.bytes))
        .Then([this, job, limits,
               alive = alive_](Result<parsers::Parsed<parsers::ParsedDocument>> outcome) {
          if (*alive) OnRead(job, parsers::ToExtractedText(std::move(outcome), limits));
        });
  }
}

Result<void> ContentStage::Pump() {
  // What arrives meanwhile is for the next call: the caller has files for the downloads to go on
  // with.
  for (std::size_t left = arrived_.size(); !failure_ && left > 0; --left) {
    const JobPtr job = std::move(arrived_.front());
    arrived_.pop_front();
    auto delivered = Deliver(*job);
    if (delivered) {
      // Each connection that has become free waits for nothing but us.
      loop_.RunOnce(Milliseconds(0));
      continue;
    }
    if (delivered.error().kind == ErrorKind::kInterrupted) {
      arrived_.push_front(job);  // nothing is wrong: the next call goes on with it
      return delivered;
    }
    failure_ = std::move(delivered.error());
  }
  if (failure_) return Fail(*failure_);
  StartSome();
  while (!marks_.empty() && (jobs_.empty() || jobs_.begin()->first > marks_.front().job)) {
    sink_->Mark(marks_.front().token);
    marks_.pop_front();
  }
  // Also lets the sink handle what has arrived for it while we wait for files.
  if (const auto mark = sink_->TakeReleasedMark()) released_ = mark;
  return {};
}

Result<void> ContentStage::Deliver(Job& job) {
  if (!job.complete) {
    auto done = Complete(job);
    job.content.reset();
    if (job.text && job.format == content::TextFormat::kParsed) --texts_;
    job.text.reset();
    held_bytes_ -= std::exchange(job.bytes, 0);
    if (!done) return done;
    job.complete = true;
  }
  elastic::BulkAction action;
  action.kind = job.kind;
  action.id = job.id;
  action.path = job.path;
  action.source = job.source;
  action.upserts = job.upserts;
  TRY(sink_->Add(action));
  Remember(job.id_hash, job.fingerprint);
  jobs_by_id_.erase(job.id_hash);
  jobs_.erase(job.number);
  return {};
}

Result<void> ContentStage::Complete(Job& job) {
  if (!*job.content) return NoContentFor(job, job.content->error());
  if (job.text && !*job.text) return NoTextFor(job, job.text->error());
  outages_ = 0;
  if (job.text) {
    AddText(job, **job.text);
  } else {
    Extract(job);
  }
  return {};
}

void ContentStage::Extract(Job& job) {
  content::FetchedContent& content = **job.content;
  job.fingerprint = planner_.FingerprintOf(content, job.listed_hash, job.format);
  if (job.format == content::TextFormat::kOpaque) {
    ++counters_.content_fetched;
    // OpenSearch runs no pipeline on an update; and where a pipeline finds no text in the new file,
    // that of the old one must not stay.
    const bool switches =
        std::exchange(job.kind, elastic::BulkAction::kIndex) == elastic::BulkAction::kUpdate;
    return documents::AddAttachment(
        {content.bytes, config_.max_body_chars, *job.fingerprint, switches}, job.source);
  }
  const auto text = content::ExtractText(std::move(content.bytes), job.format,
                                         {config_.max_body_chars, config_.reduce_whitespace});
  if (text) return AddText(job, *text);
  ++counters_.content_not_text;
  AddNoText(job);
}

void ContentStage::AddText(Job& job, const content::ExtractedText& text) {
  ++counters_.content_fetched;
  if (text.truncated) ++counters_.content_truncated;
  documents::AddBody(
      {text.text, text.title, text.author, text.truncated, *job.fingerprint, text.language},
      job.kind == elastic::BulkAction::kUpdate, job.source);
}

// Noted all the same, so that the file is not fetched again to the same end.
void ContentStage::AddNoText(Job& job) {
  documents::AddBody({"", "", "", false, *job.fingerprint},
                     job.kind == elastic::BulkAction::kUpdate, job.source);
}

Result<void> ContentStage::NoContentFor(Job& job, const Error& error) {
  job.fingerprint.reset();
  if (error.kind == ErrorKind::kNotFound) {
    ++counters_.content_gone;  // the change feed will tell
    return {};
  }
  if (error.kind == ErrorKind::kRejectedDocument) {
    job.fingerprint = 0;
    ++(error.tag == content::kTooLongTag ? counters_.content_too_large : counters_.content_refused);
    if (job.kind == elastic::BulkAction::kUpdate) documents::RemoveBody(job.source);
    return {};
  }
  return FailedFor(job, error, "download");
}

Result<void> ContentStage::NoTextFor(Job& job, const Error& error) {
  if (error.kind == ErrorKind::kRejectedDocument) {
    outages_ = 0;
    ++(error.tag == parsers::kEncryptedTag ? counters_.content_encrypted
       : error.tag == parsers::kParserTag  ? counters_.content_parser_failed
                                           : counters_.content_unreadable);
    reporter_.Detail(fmt::format("{} is indexed without content: {}", job.path, error.ToLine()));
    AddNoText(job);
    return {};
  }
  job.fingerprint.reset();
  return FailedFor(job, error, "extract");
}

// The text that the index has stays, and the next run tries again.
Result<void> ContentStage::FailedFor(Job& job, const Error& error, std::string_view operation) {
  const auto context = fmt::format("{}ing {}", operation, job.path);
  if (!ConcernsOneFile(error)) return Fail(WithContext(error, context));
  const bool outage = error.kind == ErrorKind::kTemporary && error.tag != content::kDamagedTag;
  outages_ = outage ? outages_ + 1 : 0;
  if (outages_ >= kMostOutages) return Fail(WithContext(error, context));
  ++counters_.content_failed;
  // What has no place in the tree is compared again as a whole (see SyncRun::RetryFailures).
  const bool received = job.request.route == content::FetchRoute::kSharedLink;
  on_failed_({job.id, job.path, std::string(received ? checkpoint::kReadOperation : operation),
              error.http_status, error.ToLine()});
  return {};
}

void ContentStage::Abandon() {
  waiting_.clear();
  unparsed_.clear();
  arrived_.clear();
  marks_.clear();
  jobs_.clear();
  jobs_by_id_.clear();
  failure_.reset();
}

template <class Condition>
Result<void> ContentStage::WaitUntil(Condition condition) {
  auto pumped = Pump();
  while (pumped && !condition()) {
    if (const int signal = loop_.StopSignal(); signal != 0) {
      return Fail(EventLoop::Interrupted(signal));
    }
    loop_.RunOnce();
    pumped = Pump();
  }
  return pumped;
}

Result<void> ContentStage::Add(const elastic::BulkAction& action) {
  const std::uint64_t id_hash = Hash64(action.id);
  auto free = WaitUntil([&] { return jobs_by_id_.count(id_hash) == 0; });
  return free ? sink_->Add(action) : free;
}

void ContentStage::Mark(std::uint64_t token) {
  if (jobs_.empty() && marks_.empty()) return sink_->Mark(token);
  marks_.push_back({token, last_number_});
}

std::optional<std::uint64_t> ContentStage::TakeReleasedMark() {
  const auto pumped = Pump();
  if (!pumped) return std::nullopt;  // the next call that can tells why
  return std::exchange(released_, std::nullopt);
}

Result<void> ContentStage::Drain() {
  // While the last files are on their way, the documents before them can be.
  auto started = WaitUntil([this] { return waiting_.empty(); });
  if (started) started = Flush();
  if (!started) return started;
  auto done = WaitUntil([this] { return jobs_.empty(); });
  return done ? sink_->Drain() : done;
}

}  // namespace dbxes::sync
