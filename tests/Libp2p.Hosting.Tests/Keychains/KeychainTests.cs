using System.Text;

namespace Libp2p.Hosting.Tests.Keychains;

public sealed class KeychainTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly TemporaryFolder _folder = new();
    private readonly Keychain _keychain;

    public KeychainTests() => _keychain = new(Path.Combine(_folder.Path, "keychain"), Keychain.MinIterations);

    public static TheoryData<KeyType> Types => [.. Enum.GetValues<KeyType>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void A_key_of_every_type_is_kept_and_opened(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var entry = _keychain.Add("mine", key, Password);

        entry.ShouldBe(new KeychainEntry("mine", key.PublicKey.PeerId, type));
        using var opened = _keychain.Open("mine", Password);
        opened.ToProtobuf().ShouldBe(key.ToProtobuf());
    }

    [Fact]
    public void What_is_public_is_listed_without_a_password()
    {
        _keychain.List().ShouldBeEmpty();
        var second = _keychain.Create("b", KeyType.Ed25519, Password);
        var first = _keychain.Create("a", KeyType.Secp256k1, "another");
        File.WriteAllText(PathOf("stranger"), "no key");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathOf("stranger"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        _keychain.List().ShouldBe([first, second]);
        _keychain.TryFind(second.PeerId, out var found).ShouldBeTrue();
        found.ShouldBe(second);
        _keychain.TryFind("c", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_wrong_password_and_a_missing_key_are_told()
    {
        _keychain.Create("mine", KeyType.Ed25519, Password);

        Should.Throw<KeychainException>(() => _keychain.Open("mine", "wrong")).Message.ShouldContain("password");
        Should.Throw<KeychainException>(() => _keychain.Open("yours", Password)).Message.ShouldContain("yours");
        Should.Throw<ArgumentException>(() => _keychain.Create("other", KeyType.Ed25519, ""));
    }

    [Fact]
    public void A_name_is_taken_once_and_can_be_changed()
    {
        var first = _keychain.Create("first", KeyType.Ed25519, Password);
        _keychain.Create("second", KeyType.Ed25519, Password);

        Should.Throw<KeychainException>(() => _keychain.Create("first", KeyType.Ed25519, Password));
        Should.Throw<KeychainException>(() => _keychain.Rename("first", "second"));
        Should.Throw<KeychainException>(() => _keychain.Rename("third", "fourth"));
        _keychain.Rename("first", "third");
        _keychain.List().Select(e => e.Name).ShouldBe(["second", "third"]);
        using var opened = _keychain.Open("third", Password);
        opened.PublicKey.PeerId.ShouldBe(first.PeerId);
    }

    [Fact]
    public void A_removed_key_is_gone()
    {
        _keychain.Create("mine", KeyType.Ed25519, Password);
        _keychain.Remove("mine").ShouldBeTrue();
        _keychain.Remove("mine").ShouldBeFalse();
        _keychain.List().ShouldBeEmpty();
    }

    [Fact]
    public void Another_password_is_the_only_one_from_then_on()
    {
        var entry = _keychain.Create("mine", KeyType.Ed25519, Password);
        Should.Throw<KeychainException>(() => _keychain.ChangePassword("mine", "wrong", "new"));
        _keychain.ChangePassword("mine", Password, "new");

        Should.Throw<KeychainException>(() => _keychain.Open("mine", Password));
        using var opened = _keychain.Open("mine", "new");
        opened.PublicKey.PeerId.ShouldBe(entry.PeerId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData(".hidden")]
    [InlineData("a.key")]
    [InlineData("ä")]
    public void Names_cannot_leave_the_folder(string name)
    {
        Should.Throw<ArgumentException>(() => _keychain.Create(name, KeyType.Ed25519, Password));
        Should.Throw<ArgumentException>(() => _keychain.Remove(name));
        Should.Throw<ArgumentException>(() => _keychain.Create(new string('a', Keychain.MaxNameLength + 1), KeyType.Ed25519, Password));
    }

    [Fact]
    public void Row10_every_flipped_bit_and_every_prefix_of_a_file_is_refused()
    {
        var entry = _keychain.Create("mine", KeyType.Ed25519, Password);
        var bytes = File.ReadAllBytes(PathOf("mine"));

        // The iterations too are authenticated; those bits that would make them many are left out, for the time that takes.
        for (var bit = 0; bit < bytes.Length * 8; bit += 3)
        {
            if (bit / 8 is 13 or 14 or 15) continue;
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            (SealedKey.TryParse(bytes, out var altered) && Opens(altered)).ShouldBeFalse($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < bytes.Length; length += 7) (SealedKey.TryParse(bytes[..length], out var cut) && Opens(cut)).ShouldBeFalse($"prefix of {length}");
        SealedKey.TryParse(bytes, out var whole).ShouldBeTrue();
        Opens(whole!).ShouldBeTrue(entry.Name);
    }

    [Fact]
    public void Nothing_on_disk_is_the_key_and_nobody_else_may_read_it()
    {
        using var key = PrivateKey.FromEd25519Seed(Encoding.ASCII.GetBytes("a seed that would be seen at once"[..32]));
        _keychain.Add("mine", key, Password);

        File.ReadAllBytes(PathOf("mine")).AsSpan().IndexOf("a seed that"u8).ShouldBe(-1);
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(PathOf("mine")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(PathOf("mine"))!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(PathOf("mine"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Should.Throw<KeychainException>(() => _keychain.Open("mine", Password)).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public void The_same_key_twice_gives_two_files_that_have_nothing_in_common()
    {
        using var key = PrivateKey.Generate();
        _keychain.Add("a", key, Password);
        _keychain.Add("b", key, Password);
        var (first, second) = (File.ReadAllBytes(PathOf("a")), File.ReadAllBytes(PathOf("b")));

        first.AsSpan(^64..).SequenceEqual(second.AsSpan(^64..)).ShouldBeFalse();
        first.AsSpan(17, 28).SequenceEqual(second.AsSpan(17, 28)).ShouldBeFalse();
    }

    private static bool Opens(SealedKey key)
    {
        try
        {
            key.Open("mine", Password).Dispose();
            return true;
        }
        catch (KeychainException)
        {
            return false;
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, "keychain", name + ".key");
}
