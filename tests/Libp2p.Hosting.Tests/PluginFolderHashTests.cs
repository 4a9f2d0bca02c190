using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Libp2p.Hosting.Plugins;

namespace Libp2p.Hosting.Tests;

public sealed class PluginFolderHashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Hash => PluginFolderHash.Compute(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_what_its_definition_says()
    {
        Write("b.dll", "second");
        Write("B.dll", "first"); // ordinal: upper case comes before lower case
        Write("sub/a.txt", "");
        using var expected = new MemoryStream();
        foreach (var (path, content) in new[] { ("B.dll", "first"), ("b.dll", "second"), ("sub/a.txt", "") })
        {
            expected.Write(Encoding.UTF8.GetBytes(path));
            expected.WriteByte(0);
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, content.Length);
            expected.Write(length);
            expected.Write(Encoding.UTF8.GetBytes(content));
        }

        Hash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(expected.ToArray())));
    }

    [Fact]
    public void Every_change_of_content_or_name_changes_it_and_no_other()
    {
        Write("a.dll", "one");
        Write("b.dll", "two");
        var hashes = new List<string> { Hash };
        File.SetLastWriteTimeUtc(At("a.dll"), DateTime.UnixEpoch);
        Directory.CreateDirectory(At("empty"));
        Hash.ShouldBe(hashes[0]);

        Write("a.dll", "onE");
        hashes.Add(Hash);
        File.Move(At("b.dll"), At("c.dll"));
        hashes.Add(Hash);
        Write("more.txt", "");
        hashes.Add(Hash);
        Write("sub/more.txt", "");
        hashes.Add(Hash);

        // What one file loses at its end another gains at its start.
        Write("a.dll", "onEt");
        Write("c.dll", "wo");
        hashes.Add(Hash);
        hashes.Distinct().Count().ShouldBe(hashes.Count);
    }

    [Fact]
    public void A_file_longer_than_a_buffer_counts_whole()
    {
        File.WriteAllBytes(At("long"), new byte[200_000]);
        var zeroes = Hash;
        var bytes = new byte[200_000];
        bytes[^1] = 1;
        File.WriteAllBytes(At("long"), bytes);
        Hash.ShouldNotBe(zeroes);
    }

    [Fact]
    public void A_link_to_another_folder_is_refused()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("links need a right that few have on Windows");
        using var other = new TemporaryFolder();
        Directory.CreateSymbolicLink(At("link"), other.Path);
        Should.Throw<IOException>(() => Hash).Message.ShouldContain("link");
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), content);
    }
}
