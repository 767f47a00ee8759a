// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/client.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace dbxes::sim {
namespace {

std::string Text(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found != object.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

}  // namespace

std::string Answer::Error() const {
  if (!json.IsObject() || !json.HasMember("error")) return "";
  const rapidjson::Value* at = &json["error"];
  std::string path;
  while (at->IsObject() && at->HasMember(".tag")) {
    const std::string tag = (*at)[".tag"].GetString();
    path += (path.empty() ? "" : "/") + tag;
    if (!at->HasMember(tag.c_str())) break;
    at = &(*at)[tag.c_str()];
  }
  return path;
}

std::string Answer::Get(const char* field) const {
  return json.IsObject() ? Text(json, field) : "";
}

Client::Client(Options options) : sim_(std::move(options), [this] { return now_ms_; }) {
  token = sim_.tokens().Mint(now_ms_);
}

Answer Client::Post(std::string_view target, Headers headers, std::string body) {
  Request request;
  request.target = target;
  request.headers = std::move(headers);
  request.body = std::move(body);
  Response response = sim_.Handle(request);
  Answer answer;
  answer.status = response.status;
  answer.text = *response.body;
  answer.headers = std::move(response.headers);
  answer.fault = response.fault;
  answer.ticket = response.ticket;
  answer.json.Parse(answer.text.data(), answer.text.size());
  return answer;
}

Answer Client::Call(std::string_view route, std::string_view argument, Headers extra) {
  Headers headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
  headers.insert(headers.end(), extra.begin(), extra.end());
  return Post("/2/" + std::string(route), std::move(headers), std::string(argument));
}

Answer Client::Download(std::string_view route, std::string_view argument, Headers extra) {
  Headers headers = {{"Authorization", "Bearer " + token},
                     {"Dropbox-API-Arg", std::string(argument)}};
  headers.insert(headers.end(), extra.begin(), extra.end());
  return Post("/2/" + std::string(route), std::move(headers), "");
}

Answer Client::Form(std::string_view body) {
  return Post("/oauth2/token", {{"Content-Type", "application/x-www-form-urlencoded"}},
              std::string(body));
}

std::vector<Entry> Client::Drain(std::string* cursor) {
  std::vector<Entry> entries;
  for (bool more = true; more;) {
    const Answer page = Call("files/list_folder/continue", R"({"cursor":")" + *cursor + "\"}");
    if (page.status != 200) return {{"status " + std::to_string(page.status), "", page.text, ""}};
    for (const auto& e : page.json["entries"].GetArray()) {
      entries.push_back({Text(e, ".tag"), Text(e, "id"), Text(e, "path_lower"), Text(e, "rev")});
    }
    *cursor = page.Get("cursor");
    more = page.json["has_more"].GetBool();
  }
  return entries;
}

std::vector<Entry> Client::List(std::string* cursor, std::string_view argument) {
  const Answer page = Call("files/list_folder", argument);
  if (page.status != 200) return {{"status " + std::to_string(page.status), "", page.text, ""}};
  std::vector<Entry> entries;
  for (const auto& e : page.json["entries"].GetArray()) {
    entries.push_back({Text(e, ".tag"), Text(e, "id"), Text(e, "path_lower"), Text(e, "rev")});
  }
  *cursor = page.Get("cursor");
  if (!page.json["has_more"].GetBool()) return entries;
  for (Entry& entry : Drain(cursor)) entries.push_back(std::move(entry));
  return entries;
}

std::vector<std::string> Client::Short(const std::vector<Entry>& entries) {
  std::vector<std::string> out;
  for (const Entry& entry : entries) out.push_back(entry.tag + " " + entry.path);
  return out;
}

void Client::Apply(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    if (entry.tag != "folder") {
      const std::string below = entry.path + "/";
      auto at = picture_.lower_bound(below);
      while (at != picture_.end() && at->first.compare(0, below.size(), below) == 0)
        at = picture_.erase(at);
    }
    if (entry.tag == "deleted")
      picture_.erase(entry.path);
    else
      picture_[entry.path] = entry;
  }
}

bool Client::PictureIsRight() const {
  const std::vector<LiveItem> live = const_cast<Simulator&>(sim_).tree().Snapshot();
  bool right = live.size() == picture_.size();
  if (!right) std::fprintf(stderr, "%zu items, %zu in the picture\n", live.size(), picture_.size());
  for (const LiveItem& item : live) {
    const auto found = picture_.find(item.path_lower);
    const bool same = found != picture_.end() && found->second.id == item.id &&
                      found->second.rev == item.rev &&
                      found->second.tag == (item.kind == Kind::kFile ? "file" : "folder");
    if (!same) std::fprintf(stderr, "wrong or missing: %s\n", item.path_lower.c_str());
    right = right && same;
  }
  return right;
}

}  // namespace dbxes::sim
