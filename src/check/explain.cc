// SPDX-License-Identifier: Apache-2.0
#include "check/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/json/json.h"
#include "base/random.h"
#include "base/tree_path.h"
#include "delta/one_entry.h"
#include "documents/document.h"
#include "elastic/client.h"
#include "elastic/index_setup.h"
#include "elastic/multi_get.h"
#include "permissions/permission_reader.h"
#include "report/summary.h"
#include "sync/plan/sync_plan.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::check {
namespace {

using Values = std::vector<std::string>;

Values ValuesOf(const rapidjson::Value* list) {
  const auto texts = TextsOf(list);
  return {texts.begin(), texts.end()};
}

Values Common(const Values& some, const Values& others) {
  Values common;
  for (const std::string& value : some) {
    if (std::find(others.begin(), others.end(), value) != others.end()) common.push_back(value);
  }
  return common;
}

// The user in question, with the values that access lists may contain for them.
struct Person {
  std::string name;
  Values principals;
};

class Explanation {
 public:
  Explanation(Environment& environment, const config::Config& config, report::Reporter& reporter)
      : config_(config),
        files_(environment.files),
        loop_(environment.http, environment.clock, environment.stop_signal),
        dropbox_(
            loop_, config,
            [&](const Error& error, Milliseconds) { reporter.Detail(error.ToLine()); },
            SeedOf(environment.seed, "dropbox")),
        elastic_(loop_, config.elasticsearch, config.sync,
                 SeedOf(environment.seed, "elasticsearch")) {}

  Result<Values> Run(const std::string& user, const std::string& document) {
    TRY_ASSIGN(auto account, dropbox_.DiscoverAccount());
    dropbox_.ActAs(account);
    TRY(Identify(user));
    delta::OneEntry found = delta::AskEntry(dropbox_, document);
    const auto answer = loop_.Await(found.answer);
    const bool absent = !answer && answer.error().kind == ErrorKind::kNotFound;
    if (!answer && !absent) return Fail(answer.error());
    if (absent && document.substr(0, 3) != "id:") {
      return Fail(ErrorKind::kNotFound, fmt::format("Dropbox has no file or folder {}", document));
    }
    const delta::Entry* entry =
        absent || found.entry().path_lower.empty() ? nullptr : &found.entry();
    const std::string id = absent ? document : std::string(found.entry().id);
    Say(entry != nullptr ? fmt::format("document: {} ({})", entry->path_display, id)
                         : fmt::format("document: {}, which has no path in Dropbox", id));
    if (entry != nullptr) TRY(SayWhatLeavesOut(account, *entry));
    TRY_ASSIGN(auto shown, AskIndex(id));
    TRY_ASSIGN(auto may, AskDropbox(account, id, entry));
    if (shown && may && *shown != *may) {
      Say(config_.dropbox.use_document_level_security
              ? "index and Dropbox differ: run dbx-es incremental, then dbx-es acl-sync"
              : "index and Dropbox differ, because dropbox.use_document_level_security is off: "
                "everyone who may search the index sees every document");
    }
    return std::move(lines_);
  }

 private:
  void Say(std::string line) { lines_.push_back(std::move(line)); }

  // The folder of the settings that it is in, as Dropbox lower-cases it, which only Dropbox knows.
  Result<std::optional<std::string>> FolderAround(const delta::Entry& entry) {
    for (const std::string& path : config_.dropbox.paths) {
      if (path.empty()) return path;
      const delta::OneEntry folder = delta::AskEntry(dropbox_, path);
      const auto answer = loop_.Await(folder.answer);
      if (!answer && answer.error().kind == ErrorKind::kNotFound) continue;
      TRY(answer);
      const std::string_view path_lower = folder.entry().path_lower;
      if (LiesIn(entry.path_lower, path_lower)) return std::string(path_lower);
    }
    return std::nullopt;
  }

  Result<void> SayWhatLeavesOut(const dropbox::Account& account, const delta::Entry& entry) {
    TRY_ASSIGN(const auto folder, FolderAround(entry));
    if (folder) {
      SayWhichRule(account, entry, *folder);
    } else {
      Say(fmt::format("left out: it is outside of dropbox.path, which is {}",
                      FolderListText(config_.dropbox.paths)));
    }
    return {};
  }

  // Patterns and basic rules, without those of Kibana: advanced ones would have to search.
  void SayWhichRule(const dropbox::Account& account, const delta::Entry& entry,
                    const std::string& folder) {
    auto rules = sync::RulesOf(config_, files_);
    if (!rules) return Say("sync rules: cannot be read: " + rules.error().message);
    rules->patterns.folders = {folder};
    if (!rules->Chooses()) return;
    const sync::RuleJudge judge(*rules, {config_.dropbox.web_url, account.home_namespace_id,
                                         !config_.elasticsearch.pipeline.empty()});
    const rules::RuleDecision decision = judge.Judge(entry);
    if (decision.policy == rules::Policy::kInclude) return;
    Say(fmt::format("left out: {}", judge.Describe(decision)));
  }

  // `_source` of a document, null if the index has none.
  Result<rapidjson::Document> Source(const std::string& index, const std::string& id) {
    TRY_ASSIGN(const auto sources,
               WithContext(elastic::ReadSources(elastic_, index, {id}), "reading from the index"));
    rapidjson::Document source;
    source.CopyFrom(sources[0], source.GetAllocator());
    return source;
  }

  Result<void> Identify(const std::string& user) {
    person_.name = user;
    TRY_ASSIGN(auto identity,
               Source(elastic::AccessControlIndexName(config_.elasticsearch.index), user));
    if (identity.IsObject()) {
      person_.principals =
          ValuesOf(FindPath(identity, {"query", "template", "params", "access_control"}));
      Say(fmt::format("identity: {} is {}", user, fmt::join(person_.principals, ", ")));
      return {};
    }
    const bool is_email = user.find('@') != std::string::npos;
    person_.principals = {is_email ? permissions::AccessValue(
                                         {dropbox::Member::Kind::kInvitee, user, "", false, "", ""})
                                   : permissions::UserValue(user)};
    const std::string_view advice = config_.dropbox.use_document_level_security
                                        ? "active members get one from dbx-es acl-sync; "
                                        : "";
    Say(fmt::format("identity: {} has none in the index; {}judged by {}", user, advice,
                    is_email ? "the e-mail address alone" : person_.principals.front()));
    return {};
  }

  // Whether the index shows the document; nothing if the index does not contain it.
  Result<std::optional<bool>> AskIndex(const std::string& id) {
    TRY_ASSIGN(auto source, Source(config_.elasticsearch.index, id));
    if (!source.IsObject()) {
      Say("index: has no such document");
      return std::nullopt;
    }
    const Values readers = ValuesOf(FindMember(source, "_allow_access_control"));
    const Values common = Common(person_.principals, readers);
    if (readers.empty()) {
      Say("index: shows it to everyone, because it has no access list");
      return std::optional(true);
    }
    Say(common.empty()
            ? fmt::format("index: does not show it; none of {}'s identities is among its {}, {}",
                          person_.name, CountReaders(readers), Sample(readers))
            : fmt::format("index: shows it; among its {} is {}", CountReaders(readers),
                          fmt::join(common, ", ")));
    return std::optional(!common.empty());
  }

  static std::string CountReaders(const Values& readers) {
    return fmt::format("{} reader{}", readers.size(), readers.size() == 1 ? "" : "s");
  }

  // "which is ANN", "which are ANN, BEA, ...".
  static std::string Sample(const Values& readers) {
    constexpr std::size_t kMost = 5;
    const auto end = readers.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, readers.size()));
    return fmt::format("which {} {}{}", readers.size() == 1 ? "is" : "are",
                       fmt::join(readers.begin(), end, ", "),
                       readers.size() > kMost ? ", ..." : "");
  }

  // Whether Dropbox lets the user read it; nothing if its members cannot be read.
  Result<std::optional<bool>> AskDropbox(const dropbox::Account& account, const std::string& id,
                                         const delta::Entry* entry) {
    permissions::PermissionSettings settings;
    settings.account = account;
    settings.inherit = config_.dropbox.include_inherited_users_and_groups;
    settings.links = config_.dropbox.include_link_visibility;
    permissions::PermissionReader reader(loop_, dropbox_, std::move(settings));
    reader.OnMember([this](const dropbox::Member& member) { Meet(member); });
    permissions::PermissionQuery query{id, "", "", false, /*has_own_members=*/true};
    if (entry != nullptr) {
      query = {id, entry->path_lower, documents::SharedFolderOf(*entry),
               entry->kind == delta::EntryKind::kFolder, entry->has_explicit_shared_members};
    }
    TRY_ASSIGN(const auto read, reader.Read({query}));
    const permissions::Permission& permission = read.front();
    if (!permission.Readable()) {
      Say("Dropbox: its members cannot be read: " + permission.problem);
      return std::nullopt;
    }
    Say(query.shared_folder_id.empty()
            ? "Dropbox: it is in no shared folder"
            : fmt::format("Dropbox: it is in shared folder {}", query.shared_folder_id));
    const Values common = Common(person_.principals, permission.list->values);
    Say(common.empty()
            ? fmt::format("Dropbox: {} may not read it", person_.name)
            : fmt::format("Dropbox: {} may read it, as {}", person_.name, fmt::join(common, ", ")));
    if (permission.link_audience != dropbox::LinkAudience::kNobody) {
      Say(fmt::format("Dropbox: a shared link lets in {}",
                      permission.link_audience == dropbox::LinkAudience::kTeam ? "the whole team"
                                                                               : "everyone"));
    }
    if (!reader.link_problem().empty()) {
      Say("Dropbox: shared links cannot be read: " + reader.link_problem());
    }
    for (const std::string& membership : memberships_) Say("Dropbox: " + membership);
    return std::optional(!common.empty());
  }

  // Remembers all memberships of the user, also those that do not allow reading.
  void Meet(const dropbox::Member& member) {
    const std::string value = permissions::AccessValue(member);
    const auto& known = person_.principals;
    if (std::find(known.begin(), known.end(), value) == known.end()) return;
    memberships_.push_back(fmt::format(
        "{}{} is {}{}", value, member.name.empty() ? "" : " (" + member.name + ")",
        member.access_type, member.is_inherited ? ", inherited from a folder above" : ""));
  }

  const config::Config& config_;
  FileSystem& files_;
  EventLoop loop_;
  dropbox::Client dropbox_;
  elastic::Client elastic_;
  Person person_;
  Values memberships_;
  Values lines_;
};

}  // namespace

report::RunSummary RunExplanation(Environment& environment, const config::Config& config,
                                  const ExplainQuestion& question, report::Reporter& reporter) {
  const Milliseconds begin = environment.clock.Now();
  Explanation explanation(environment, config, reporter);
  auto answer = explanation.Run(question.user, question.document);
  report::RunSummary summary =
      report::SummaryOf("explain", answer ? Result<void>() : Fail(answer.error()));
  if (answer) summary.answer = *std::move(answer);
  summary.duration = environment.clock.Now() - begin;
  return summary;
}

}  // namespace dbxes::check
