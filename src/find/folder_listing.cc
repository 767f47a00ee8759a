// SPDX-License-Identifier: Apache-2.0
#include "find/folder_listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/json/json_text.h"
#include "base/json/json_write.h"
#include "base/path_key.h"
#include "base/tree_path.h"
#include "elastic/query.h"
#include "find/ask_index.h"
#include "find/lower_path.h"
#include "report/text.h"

namespace dbxes::find {
namespace {

constexpr std::size_t kPage = 1000;
// A longer expression is refused (Elasticsearch: index.max_regex_length).
constexpr std::size_t kLongestExpression = 1000;
constexpr int kBadRequest = 400;
constexpr std::string_view kPathMatchFields =
    R"(["path_lower","type","name","title","file_path","url","_timestamp","size","received"])";
constexpr std::string_view kFilterPath = "hits.hits._id,hits.hits._source,hits.hits.sort";
// Two documents have the same path only while one of them is about to be deleted.
constexpr std::string_view kSort = R"([{"path_lower":{"order":"asc","unmapped_type":"keyword"}},)"
                                   R"({"sync_seq":{"order":"asc","unmapped_type":"long"}}])";

std::string KeyOf(const std::string& path) {
  std::string buffer;
  return std::string(PathKey(path, buffer));
}

std::size_t DepthOf(std::string_view path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

// Matches the paths directly in the folder (Lucene: regular expression syntax).
std::string ChildExpression(std::string_view folder) {
  std::string expression;
  for (const char c : folder) {
    const bool plain = !IsAscii(c) || c == '/' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    if (!plain) expression += '\\';
    expression += c;
  }
  return expression + "/[^/]+";
}

class FolderReader {
 public:
  // `folder` is the path_lower of a folder, "" for the root.
  FolderReader(elastic::Client& client, const std::string& index, std::string folder,
               bool recursive)
      : client_(client), index_(index), folder_(std::move(folder)), recursive_(recursive) {
    expression_ = ChildExpression(folder_);
    if (recursive || expression_.size() > kLongestExpression) expression_.clear();
  }

  Result<void> ForEach(const std::function<bool(const FoundDocument&)>& visit) {
    for (;;) {
      TRY_ASSIGN(const auto answer, Ask());
      const auto& hits = HitsOf(answer);
      for (const auto& hit : hits.GetArray()) {
        const FoundDocument document = ReadFound(hit);
        if (!Belongs(document)) continue;
        ++count_;
        if (!visit(document)) return {};
      }
      if (hits.Size() < kPage) return {};
      const rapidjson::Value* sort = FindMember(hits[hits.Size() - 1], "sort");
      if (sort == nullptr) return Fail(ErrorKind::kTemporary, "the answer to a search lacks sort");
      after_ = JsonOf(*sort);
    }
  }

  std::uint64_t count() const { return count_; }

 private:
  // A cluster may refuse regular expressions (search.allow_expensive_queries). Then everything
  // below the folder is read, and what is not in it is left out here.
  Result<rapidjson::Document> Ask() {
    auto answer = AskIndex(client_, index_, Body(), kFilterPath);
    if (answer || expression_.empty() || answer.error().http_status != kBadRequest) return answer;
    expression_.clear();
    return AskIndex(client_, index_, Body(), kFilterPath);
  }

  std::string Body() const {
    const std::string below = folder_.empty() ? elastic::ExistsClause("path_lower")
                                              : elastic::TermClause("ancestors", KeyOf(folder_));
    const std::string child =
        expression_.empty()
            ? ""
            : fmt::format(R"({{"regexp":{{"path_lower":{{"value":{},"flags":"NONE"}}}}}})",
                          JsonString(expression_));
    std::string body =
        fmt::format(R"({{"size":{},"track_total_hits":false,"query":{},"sort":{},"_source":{})",
                    kPage, elastic::AllOf({below, child}), kSort, kFoundFields);
    if (!after_.empty()) body += R"(,"search_after":)" + after_;
    return body + '}';
  }

  bool Belongs(const FoundDocument& document) const {
    return recursive_ || DepthOf(document.path) == DepthOf(folder_) + 1;
  }

  elastic::Client& client_;
  const std::string& index_;
  std::string folder_;
  bool recursive_;
  std::string expression_;  // "" to read everything below the folder
  std::string after_;       // the sort values of the last hit, as JSON
  std::uint64_t count_ = 0;
};

}  // namespace

Result<std::optional<PathMatch>> DocumentAt(elastic::Client& client, const std::string& index,
                                            const std::string& path) {
  // The display path, too: there may be characters whose lower case Dropbox knows better.
  const std::string query =
      elastic::AnyOf({elastic::TermClause("path_lower", KeyOf(LowerPath(path))),
                      elastic::TermClause("file_path.keyword", path)});
  const std::string body =
      fmt::format(R"({{"size":1,"query":{},"sort":[{{"sync_seq":{{"order":"desc",)"
                  R"("unmapped_type":"long"}}}}],"_source":{}}})",
                  query, kPathMatchFields);
  TRY_ASSIGN(const auto answer, AskIndex(client, index, body, kFilterPath));
  const auto& hits = HitsOf(answer);
  if (hits.Empty()) return std::nullopt;
  PathMatch match{ReadFound(hits[0]), ""};
  if (const auto* key = FindPath(hits[0], {"_source", "path_lower"}); key && key->IsString()) {
    match.key = View(*key);
  }
  return match;
}

Result<void> ListFolder(elastic::Client& client, const std::string& index,
                        const FolderQuestion& question,
                        const std::function<bool(const FoundDocument&)>& visit) {
  const std::string path = WithoutFinalSlash(question.path);
  std::string folder = LowerPath(path);
  std::optional<PathMatch> match;
  if (!path.empty()) {
    TRY_ASSIGN(match, DocumentAt(client, index, path));
  }
  if (match && !match->document.IsFolder()) {
    visit(match->document);
    return {};
  }
  if (match && !IsLongPath(folder)) folder = match->key;
  FolderReader reader(client, index, folder, question.recursive);
  TRY(reader.ForEach(visit));
  // Rules may exclude a folder, or it is the one that is synced: it is there if something is in it.
  if (reader.count() > 0 || match || path.empty()) return {};
  return Fail(ErrorKind::kNotFound, fmt::format("{} has nothing at {}", index, path));
}

std::string ListingLine(const FoundDocument& document, LineStyle style) {
  std::string line = style.whole_path ? document.path : document.name;
  if (document.IsFolder()) line += '/';
  if (!style.details) return line;
  return fmt::format("{:>10}  {:<20}  {:<25}  {}",
                     document.IsFolder() ? "-" : report::FormatBytes(document.size),
                     document.modified, document.id, line);
}

}  // namespace dbxes::find
