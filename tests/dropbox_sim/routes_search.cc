// SPDX-License-Identifier: Apache-2.0
// Search as at Dropbox, which is not a listing. Matches are cut at 10,000 and may repeat, and
// changes show late when a test says so (Simulator::FreezeSearch).

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "dropbox_sim/pager.h"
#include "dropbox_sim/service.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

constexpr std::string_view kRoute = "files/search_v2";
constexpr std::size_t kMaxMatches = 10000;
constexpr std::array<std::string_view, 10> kCategories = {
    "image", "document", "pdf",    "spreadsheet", "presentation",
    "audio", "video",    "folder", "paper",       "others"};

struct Query {
  std::string text;  // in lower case
  std::string path;
  bool filename_only = false;
  bool deleted = false;
  bool latest_first = false;
  std::vector<std::string> extensions;
  std::vector<std::string> categories;
};

std::string_view CategoryOf(const Item& item) {
  static const std::map<std::string_view, std::string_view> kByExtension = {
      {"jpg", "image"},       {"jpeg", "image"},       {"png", "image"},
      {"gif", "image"},       {"pdf", "pdf"},          {"txt", "document"},
      {"md", "document"},     {"doc", "document"},     {"docx", "document"},
      {"html", "document"},   {"xls", "spreadsheet"},  {"xlsx", "spreadsheet"},
      {"csv", "spreadsheet"}, {"ppt", "presentation"}, {"pptx", "presentation"},
      {"mp3", "audio"},       {"wav", "audio"},        {"mp4", "video"},
      {"mov", "video"},       {"paper", "paper"}};
  if (item.kind == Kind::kFolder) return "folder";
  const std::size_t dot = item.path_lower.rfind('.');
  const auto found = kByExtension.find(dot == std::string::npos
                                           ? std::string_view()
                                           : std::string_view(item.path_lower).substr(dot + 1));
  return found == kByExtension.end() ? "others" : found->second;
}

// The text that search looks at: the file's bytes, or the export of a cloud document.
std::string TextOf(const Item& item) {
  constexpr std::uint64_t kLongest = 1 << 20;
  if (item.extras && item.extras->export_spec) {
    const auto& bytes = item.extras->export_spec->bytes;
    const auto found = bytes.find("markdown");
    return found == bytes.end() ? "" : found->second;
  }
  return item.content && item.content->size() <= kLongest ? item.content->Bytes() : "";
}

// Which part of an item matches: a tag of match_type, empty for none.
std::string_view MatchOf(const Query& query, const Item& item) {
  const std::string& text = query.text;
  if (text.empty()) return "filename";
  const bool in_name = LowerPath(item.name()).find(text) != std::string::npos;
  const bool in_content =
      !query.filename_only && LowerPath(TextOf(item)).find(text) != std::string::npos;
  if (in_name) return in_content ? "filename_and_content" : "filename";
  return in_content ? "file_content" : "";
}

bool Wanted(const Query& query, const Item& item, std::string_view view_path) {
  if (query.deleted != (item.kind == Kind::kDeleted)) return false;
  const bool inside = query.path.empty() || (view_path.size() > query.path.size() &&
                                             view_path.substr(0, query.path.size()) == query.path &&
                                             view_path[query.path.size()] == '/');
  if (!inside) return false;
  if (!query.categories.empty()) {
    const auto& wanted = query.categories;
    if (std::find(wanted.begin(), wanted.end(), CategoryOf(item)) == wanted.end()) return false;
  } else if (!query.extensions.empty()) {
    const bool fits = std::any_of(
        query.extensions.begin(), query.extensions.end(), [&](const std::string& extension) {
          const std::string ending = "." + LowerPath(extension);
          return item.path_lower.size() > ending.size() &&
                 item.path_lower.compare(item.path_lower.size() - ending.size(), ending.size(),
                                         ending) == 0;
        });
    if (!fits) return false;
  }
  return true;
}

struct Hit {
  ItemPtr item;
  Space space;
  std::string_view match;
};

std::vector<ItemPtr> SearchableItems(const Service& service, std::uint32_t ns) {
  if (service.frozen_search) {
    const auto found = service.frozen_search->find(ns);
    return found == service.frozen_search->end() ? std::vector<ItemPtr>() : found->second;
  }
  return CurrentItems(service.tree, ns);
}

std::vector<Hit> FindHits(const Service& service, const Call& call, const Query& query) {
  std::vector<Hit> hits;
  for (const Space& space : VisibleSpaces(service.tree, *call.account, call.root, true)) {
    for (const ItemPtr& item : SearchableItems(service, space.ns)) {
      if (service.tree.items().IsForeignHome(item->mount, *call.account)) continue;
      if (!Wanted(query, *item, space.lower + item->path_lower)) continue;
      const std::string_view match = MatchOf(query, *item);
      if (!match.empty()) hits.push_back({item, space, match});
    }
  }
  if (query.latest_first) {
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
      return a.item->server_modified_s > b.item->server_modified_s;
    });
  }
  if (hits.size() > kMaxMatches) hits.resize(kMaxMatches);
  return hits;
}

void WriteHit(JsonOut* json, const Service& service, const Hit& hit, std::uint64_t random) {
  const bool odd = service.options.style.unknown_tags && random % 5 == 0;
  json->BeginObject()
      .FieldTag("match_type", odd ? "smell" : hit.match)
      .Key("metadata")
      .BeginObject()
      .Field(".tag", "metadata");
  json->Key("metadata");
  WriteEntry(json, service.tree, *hit.item, hit.space, {});
  json->EndUnion().EndObject();
}

// Matches are computed once for all pages of a search.
const std::vector<Hit>& HitsOf(Service& service, const Call& call, const std::string& argument,
                               const Query& query) {
  const std::string key =
      fmt::format("{}\n{}\n{}\n{}", call.binding, service.tree.items().version(),
                  service.frozen_search.has_value(), argument);
  if (key != service.search_key) {
    service.search_hits = std::make_shared<std::vector<Hit>>(FindHits(service, call, query));
    service.search_key = key;
  }
  return *std::static_pointer_cast<std::vector<Hit>>(service.search_hits);
}

Reply HitsPage(Service& service, const Call& call, PagerState state, const Query& query) {
  const std::vector<Hit>& hits = HitsOf(service, call, state.subject, query);
  const PageBounds page = NextBounds(service, call, std::move(state), hits.size());
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("matches").BeginArray();
  const bool repeat =
      service.options.style.repeat_entries && page.begin > 0 && page.end > page.begin;
  if (repeat) WriteHit(&json, service, hits[page.begin - 1], 1);
  for (std::size_t i = page.begin; i < page.end; ++i) WriteHit(&json, service, hits[i], Mix(i));
  if (service.options.style.unknown_tags && call.salt % 2 == 0)
    json.Raw(R"({"metadata":{".tag":"hologram"}})");
  json.EndArray().FieldBool("has_more", page.more);
  if (page.more) json.Field("cursor", EncodePager(service, page.next));
  json.EndObject();
  return service.Ok(std::move(out));
}

// Reads the argument of the first call; the cursor stores it unchanged.
std::string ReadQuery(const Service& service, const Call& call, const rapidjson::Value& args,
                      Query* query, std::string* error) {
  query->text = LowerPath(StringField(args, "query"));
  const rapidjson::Value* options = ObjectField(args, "options");
  if (options == nullptr) return "";
  query->filename_only = BoolField(*options, "filename_only", false);
  query->extensions = StringsField(*options, "file_extensions");
  query->categories = StringsField(*options, "file_categories");
  for (const std::string& category : query->categories) {
    if (std::find(kCategories.begin(), kCategories.end(), category) == kCategories.end()) {
      return fmt::format("options.file_categories: invalid tag '{}'", category);
    }
  }
  if (const auto status = options->FindMember("file_status"); status != options->MemberEnd()) {
    query->deleted = TagOf(status->value) == "deleted";
  }
  if (const auto order = options->FindMember("order_by"); order != options->MemberEnd()) {
    query->latest_first = TagOf(order->value) == "last_modified_time";
  }
  const std::string_view path = StringField(*options, "path");
  if (std::string wrong = MalformedPath(path, true, false); !wrong.empty())
    return "options." + wrong;
  if (path.empty()) return "";
  const Service::Found found = service.Lookup(call, path);
  if (found.item == nullptr)
    *error = "path/" + found.error;
  else if (found.item->kind != Kind::kFolder)
    *error = "path/not_folder";
  else
    query->path = found.space.lower + found.item->path_lower;
  return "";
}

Reply SearchPage(Service& service, Call& call, const rapidjson::Value& args, PagerState state) {
  Query query;
  std::string error;
  if (std::string wrong = ReadQuery(service, call, args, &query, &error); !wrong.empty())
    return service.BadRequest(call, wrong);
  if (!error.empty()) return service.EndpointError(call, error);
  return HitsPage(service, call, std::move(state), query);
}

}  // namespace

std::vector<ItemPtr> CurrentItems(const Tree& tree, std::uint32_t ns) {
  std::vector<ItemPtr> items(tree.items().ns(ns).items.begin(), tree.items().ns(ns).items.end());
  for (const auto& [path, item] : tree.items().ns(ns).tombstones) items.push_back(item);
  return items;
}

Reply Search(Service& service, Call& call) {
  const rapidjson::Value* options = ObjectField(call.args, "options");
  const std::uint64_t limit = options != nullptr ? UintField(*options, "max_results", 100) : 100;
  return SearchPage(service, call, call.args, {std::string(kRoute), call.argument, limit, 0, 0});
}

Reply SearchContinue(Service& service, Call& call) {
  std::optional<PagerState> state = DecodePager(service, StringField(call.args, "cursor"), kRoute);
  if (!state) return service.EndpointError(call, "invalid_argument");
  rapidjson::Document args;
  args.Parse(state->subject.c_str());
  return SearchPage(service, call, args, std::move(*state));
}

}  // namespace dbxes::sim
