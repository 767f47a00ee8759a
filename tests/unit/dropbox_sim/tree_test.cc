// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "dropbox_sim/client.h"
#include "dropbox_sim/content.h"
#include "dropbox_sim/demo.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

// A colleague; the id of the account.
std::string AddBo(Tree& tree) {
  Account colleague;
  colleague.given_name = "Bo";
  return tree.people().AddAccount(colleague);
}

TEST_CASE("content hash: the published vectors") {
  CHECK(ContentHash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(ContentHash("A") == "1cd6ef71e6e0ff46ad2609d403dc3fee244417089aa4461245a4e4fe23a55e42");
  CHECK(ContentHash("hello") == "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50");
  CHECK(ContentHash(std::string(4194304, 'A')) ==
        "d4d63bac5b866c71620185392a8a6218ac1092454a2d16f820363b69852befa3");
  CHECK(ContentHash(std::string(4194305, 'A')) ==
        "8f553da8d00d0bf509d8470e242888be33019c20c0544811f5b2b89e98360b92");
}

TEST_CASE("lower case as path_lower has it") {
  CHECK(LowerPath("/ABC Ünï") == "/abc ünï");
  CHECK(LowerPath("/ÀÉÎÕÜŸŽ") == "/àéîõüÿž");
  CHECK(LowerPath("/ΑΘΉΝΑΣ") == "/αθήνασ");
  CHECK(LowerPath("/ПРИВЕТ Ёлка") == "/привет ёлка");
  CHECK(LowerPath("/😀 ×ß") == "/😀 ×ß");
  CHECK(LowerPath("/E\xCC\x81") == "/\xC3\xA9");
}

TEST_CASE("times and base64") {
  CHECK(FormatTime(0) == "1970-01-01T00:00:00Z");
  CHECK(FormatTime(951782399) == "2000-02-28T23:59:59Z");
  CHECK(FormatTime(4107542400) == "2100-03-01T00:00:00Z");
  CHECK(Base64Url("\xFF\xFE") == "__4");
  CHECK(DecodeBase64("__4").value() == "\xFF\xFE");
  CHECK(!DecodeBase64("a b").has_value());
}

TEST_CASE("descendants follow their folder, neighbours do not come between") {
  CHECK(PathLess::Less("/foo", "/foo/bar"));
  CHECK(PathLess::Less("/foo/bar", "/foo bar"));
  CHECK(PathLess::Less("/foo/bar", "/foo.txt"));
  CHECK(!PathLess::Less("/foobar", "/foo/zzz"));
}

TEST_CASE("ids are unique and some differ by case alone") {
  Client client;
  client.tree().AddSyntheticTree(2000, 5);
  std::set<std::string> ids;
  std::set<std::string> folded;
  for (const LiveItem& item : client.tree().Snapshot()) {
    CHECK(item.id.size() == 25);
    ids.insert(item.id);
    folded.insert(LowerPath(item.id));
  }
  CHECK(ids.size() == client.tree().Snapshot().size());
  CHECK(folded.size() < ids.size());
}

TEST_CASE("members of a nested shared folder are inherited unless it says no") {
  Client client;
  Tree& tree = client.tree();
  const std::string bo = AddBo(tree);
  tree.AddFile("/outer/inner/file", "x");
  const std::string outer = tree.folders().ShareFolder("/outer");
  const std::string inner = tree.folders().ShareFolder("/outer/inner");
  tree.folders().SetMembers(outer, {{MemberKind::kUser, bo, "viewer", false}});
  const std::uint32_t ns = tree.items().FindNamespace(inner);
  CHECK(tree.folders().EffectiveMembers(ns).size() == 2);
  CHECK(tree.folders().EffectiveMembers(ns)[1].inherited);
  CHECK(tree.rights().CanRead(*tree.people().FindAccount(bo), ns));
  tree.folders().SetInheritance(inner, false);
  CHECK(tree.folders().EffectiveMembers(ns).size() == 1);
  CHECK(!tree.rights().CanRead(*tree.people().FindAccount(bo), ns));
}

TEST_CASE("a nested shared folder that is moved inherits from where it is") {
  Client client;
  Tree& tree = client.tree();
  const std::string bo = AddBo(tree);
  tree.AddFile("/outer/folder/inner/file", "x");
  tree.AddFile("/other/file", "x");
  const std::string outer = tree.folders().ShareFolder("/outer");
  const std::string other = tree.folders().ShareFolder("/other");
  const std::uint32_t inner =
      tree.items().FindNamespace(tree.folders().ShareFolder("/outer/folder/inner"));
  tree.folders().SetMembers(outer, {{MemberKind::kUser, bo, "viewer", false}});
  REQUIRE(tree.rights().CanRead(*tree.people().FindAccount(bo), inner));
  tree.Move("/outer/folder/inner", "/outer/inner");
  CHECK(tree.rights().CanRead(*tree.people().FindAccount(bo), inner));
  tree.Move("/outer/inner", "/inner");
  CHECK(!tree.rights().CanRead(*tree.people().FindAccount(bo), inner));
  tree.Move("/inner", "/outer/inner");
  CHECK(tree.rights().CanRead(*tree.people().FindAccount(bo), inner));
  tree.Move("/outer/inner", "/other/inner");
  CHECK(!tree.rights().CanRead(*tree.people().FindAccount(bo), inner));
  tree.folders().SetMembers(other, {{MemberKind::kUser, bo, "viewer", false}});
  CHECK(tree.rights().CanRead(*tree.people().FindAccount(bo), inner));
}

TEST_CASE("a link to a folder opens its content, and not the shared folder around it") {
  Client client;
  Tree& tree = client.tree();
  const std::string bo = AddBo(tree);
  tree.AddFile("/a/shared/a/inside.txt", "x");
  tree.AddFile("/a/shared/beside.txt", "x");
  tree.folders().ShareFolder("/a/shared");
  // In the shared folder its place is "/a", as that of the folder around the shared one is in ours.
  tree.shares().AddSharedLink("/a/shared/a", {});
  std::map<std::string, bool> opened;
  for (const LiveItem& item : tree.Snapshot()) {
    opened[item.path_lower] = tree.rights().CanReadByLink(*tree.people().FindAccount(bo), item);
  }
  CHECK(opened == std::map<std::string, bool>{{"/a", false},
                                              {"/a/shared", false},
                                              {"/a/shared/a", true},
                                              {"/a/shared/a/inside.txt", true},
                                              {"/a/shared/beside.txt", false}});
}

TEST_CASE("received files: listed, read by link, revoked, mounted") {
  Client client;
  const std::string id = client.tree().shares().AddReceivedFile("offer.txt", "an offer");
  const Answer list = client.Call("sharing/list_received_files", "{}");
  REQUIRE(list.json["entries"].Size() == 1);
  const auto& entry = list.json["entries"][0];
  CHECK(entry["id"].GetString() == id);
  CHECK(!entry.HasMember("path_lower"));
  const std::string arg = std::string(R"({"url":")") + entry["preview_url"].GetString() + "\"}";
  const Answer link = client.Call("sharing/get_shared_link_metadata", arg);
  CHECK(link.json["size"].GetUint64() == 8);
  CHECK(client.Download("sharing/get_shared_link_file", arg).text == "an offer");
  // Dropbox shows the path of a received file only where it is mounted.
  const auto place = [&] {
    const Answer received = client.Call("sharing/list_received_files", "{}");
    const auto& file = received.json["entries"][0];
    CHECK(file.HasMember("path_display") == file.HasMember("path_lower"));
    return std::string(file.HasMember("path_lower") ? file["path_lower"].GetString() : "");
  };
  client.tree().shares().MountReceivedFile(id, "/Offers/offer.txt");
  CHECK(client.Call("files/get_metadata", R"({"path":"/offers/offer.txt"})").Get("id") == id);
  CHECK(place() == "/offers/offer.txt");
  client.tree().Move("/Offers", "/Old");
  CHECK(place() == "/old/offer.txt");
  client.tree().Delete("/Old");
  CHECK(place() == "");
  client.tree().shares().RevokeReceivedFile(id);
  CHECK(client.Call("sharing/list_received_files", "{}").json["entries"].Size() == 0);
  CHECK(client.Call("sharing/get_shared_link_metadata", arg).Error() == "shared_link_not_found");
}

TEST_CASE("the demo is a world of some forty items with everything in it") {
  Client client;
  AddDemo(&client.tree());
  const auto items = client.tree().Snapshot();
  CHECK(items.size() >= 40);
  CHECK(items.size() <= 80);
  int paper = 0;
  int shared = 0;
  for (const LiveItem& item : items) {
    paper += item.is_downloadable ? 0 : 1;
    shared += item.parent_shared_folder_id.empty() ? 0 : 1;
  }
  CHECK(paper == 1);
  CHECK(shared >= 4);
  CHECK(client.tree().ReceivedSnapshot().size() == 1);
}

}  // namespace
}  // namespace dbxes::sim
