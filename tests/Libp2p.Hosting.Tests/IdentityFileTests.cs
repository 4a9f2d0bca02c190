namespace Libp2p.Hosting.Tests;

public sealed class IdentityFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string KeyPath => Path.Combine(_folder.Path, "deep", "er", "identity.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_made_once_and_read_again()
    {
        var made = IdentityFile.LoadOrCreate(KeyPath);
        IdentityFile.LoadOrCreate(KeyPath).PeerId.ShouldBe(made.PeerId);
        Directory.EnumerateFiles(Path.GetDirectoryName(KeyPath)!).ShouldBe([KeyPath]);
    }

    [Fact]
    public void Is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no file modes");
        IdentityFile.LoadOrCreate(KeyPath);
        File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Should.Throw<IdentityFileException>(() => IdentityFile.LoadOrCreate(KeyPath)).Message.ShouldContain($"chmod 600 {KeyPath}");
    }

    [Fact]
    public async Task One_key_wins_when_many_start_at_once()
    {
        var path = KeyPath;
        var ids = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => IdentityFile.LoadOrCreate(path).PeerId)));
        ids.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(IdentityFile.MaxLength + 1)]
    public void What_is_no_key_is_refused_and_left_as_it_is(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!);
        File.WriteAllBytes(KeyPath, new byte[length]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<IdentityFileException>(() => IdentityFile.LoadOrCreate(KeyPath)).Message.ShouldContain("Move it away");
        new FileInfo(KeyPath).Length.ShouldBe(length);
    }

    [Fact]
    public void Every_prefix_of_a_key_is_refused()
    {
        using var key = PrivateKey.Generate();
        var whole = key.ToProtobuf();
        Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(KeyPath, whole[..length]);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Should.Throw<IdentityFileException>(() => IdentityFile.LoadOrCreate(KeyPath));
        }
    }

    [Fact]
    public void Is_kept_as_it_was_given_and_never_overwritten_unasked()
    {
        using var first = PrivateKey.Generate(KeyType.Secp256k1);
        using var second = PrivateKey.Generate();
        IdentityFile.Save(KeyPath, first);
        Should.Throw<IdentityFileException>(() => IdentityFile.Save(KeyPath, second)).Message.ShouldContain(KeyPath);
        IdentityFile.Load(KeyPath).PeerId.ShouldBe(first.PublicKey.PeerId);

        IdentityFile.Save(KeyPath, second, overwrite: true);
        IdentityFile.Load(KeyPath).PeerId.ShouldBe(second.PublicKey.PeerId);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.EnumerateFiles(Path.GetDirectoryName(KeyPath)!).ShouldBe([KeyPath]);
    }

    [Fact]
    public void Loading_makes_none()
    {
        Should.Throw<IdentityFileException>(() => IdentityFile.Load(KeyPath)).Message.ShouldContain("libp2p keys create");
        File.Exists(KeyPath).ShouldBeFalse();
    }

    [Fact]
    public void What_cannot_be_written_leaves_no_draft()
    {
        Directory.CreateDirectory(KeyPath);
        using var key = PrivateKey.Generate();
        Should.Throw<IdentityFileException>(() => IdentityFile.Save(KeyPath, key, overwrite: true)).Message.ShouldContain(KeyPath);
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(KeyPath)!).ShouldBe([KeyPath]);
    }

    /// <summary>Of a process that was killed while it wrote: whoever comes next, to read or to write, removes it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_writer_left_is_swept_and_nothing_else(bool reading)
    {
        var made = IdentityFile.LoadOrCreate(KeyPath);
        var folder = Path.GetDirectoryName(KeyPath)!;
        string Beside(string name) => Path.Combine(folder, name);
        string[] left = [Beside(".identity.key." + int.MaxValue), Beside(".identity.key." + Environment.ProcessId)];
        using var parent = System.Diagnostics.Process.GetCurrentProcess();
        using var running = System.Diagnostics.Process.GetProcesses().First(process => process.Id != parent.Id);
        string[] others = [KeyPath, Beside(".identity.key." + running.Id), Beside(".identity.key.old"), Beside(".other.key." + int.MaxValue), Beside("identity.key." + int.MaxValue)];
        foreach (var file in left.Concat(others).Where(file => !File.Exists(file))) File.WriteAllBytes(file, [8, 1, 18]);

        if (reading) IdentityFile.LoadOrCreate(KeyPath).PeerId.ShouldBe(made.PeerId);
        else Should.Throw<IdentityFileException>(() => IdentityFile.Save(KeyPath, made.Key));
        Directory.EnumerateFiles(folder).ShouldBe(others, ignoreOrder: true);
    }
}
