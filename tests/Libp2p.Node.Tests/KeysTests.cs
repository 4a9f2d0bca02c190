using System.Text.Json.Nodes;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.Node.Control;
using Libp2p.Node.Tests.View;

namespace Libp2p.Node.Tests;

/// <summary><c>libp2p keys</c>: keys are made, given out and taken in whole, kept for their owner alone, and never lost unasked.</summary>
public sealed class KeysTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    private string Identity => Path.Combine(_data.Path, "identity.key");

    private string Other(string name) => Path.Combine(_other.Path, name);

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Ecdsa)]
    [InlineData(KeyType.Rsa)]
    public void A_key_of_each_type_is_made_shown_given_out_and_taken_in(KeyType type)
    {
        var created = Run(0, "keys", "create", "--type", type.ToString().ToLowerInvariant());
        ((string)created["event"]!).ShouldBe("created");
        ((string)created["keyType"]!).ShouldBe(type.ToString());
        ((string)created["file"]!).ShouldBe(Identity);
        OwnerOnly(Identity);

        var shown = Run(0, "keys", "show");
        var peer = PeerId.Parse((string)shown["peerId"]!);
        ((string)shown["peerId"]!).ShouldBe((string)created["peerId"]!);
        PeerId.Parse((string)shown["cid"]!).ShouldBe(peer);
        ((string)shown["cidBase36"]!).ShouldStartWith("k");
        Cid.Parse((string)shown["cidBase36"]!).ShouldBe(peer.ToCid());
        PublicKey.FromProtobuf(Convert.FromBase64String((string)shown["publicKey"]!)).PeerId.ShouldBe(peer);

        Run(0, "keys", "export", "--out", Other("text"));
        OwnerOnly(Other("text"));
        Convert.FromBase64String(File.ReadAllText(Other("text"))).ShouldBe(File.ReadAllBytes(Identity));

        ((string)Run(0, "keys", "import", Other("text"), "--file", Other("from-text"))["peerId"]!).ShouldBe(peer.ToString());
        ((string)Run(0, "keys", "import", Identity, "--file", Other("from-bytes"))["event"]!).ShouldBe("imported");
        File.ReadAllBytes(Other("from-text")).ShouldBe(File.ReadAllBytes(Identity));
        File.ReadAllBytes(Other("from-bytes")).ShouldBe(File.ReadAllBytes(Identity));
        OwnerOnly(Other("from-text"));
    }

    [Fact]
    public void The_size_of_an_rsa_key_is_as_asked_and_asked_of_rsa_alone()
    {
        Run(0, "keys", "create", "--type", "rsa", "--bits", "2304");
        using var key = System.Security.Cryptography.RSA.Create();
        key.ImportSubjectPublicKeyInfo(IdentityFile.Load(Identity).PublicKey.Data.Span, out _);
        key.KeySize.ShouldBe(2304);

        foreach (var wrong in new string[][] { ["--bits", "2048"], ["--type", "rsa", "--bits", "1024"], ["--type", "rsa", "--bits", "16384"], ["--type", "rsa", "--bits", "2049"], ["--type", "ecdsa", "--bits", "512"], ["--type", "dsa"] })
        {
            CommandTree.Create().Parse(["keys", "create", .. wrong]).Errors.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("ed25519", null)]
    [InlineData("secp256k1", null)]
    [InlineData("ecdsa", "521")]
    [InlineData("rsa", "2048")]
    public void A_key_goes_out_and_in_as_pem_plain_and_under_a_password(string type, string? bits)
    {
        Run(0, ["keys", "create", "--type", type, .. bits is null ? (string[])[] : ["--bits", bits]]);
        File.WriteAllText(Other("password"), "correct horse\n");
        Run(0, "keys", "export", "--pem", "--out", Other("plain.pem"));
        Run(0, "keys", "export", "--pem", "--password-file", Other("password"), "--out", Other("encrypted.pem"));

        OwnerOnly(Other("plain.pem"));
        File.ReadAllText(Other("plain.pem")).ShouldStartWith("-----BEGIN PRIVATE KEY-----");
        File.ReadAllText(Other("encrypted.pem")).ShouldStartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        Run(0, "keys", "import", Other("plain.pem"), "--file", Other("from-plain"));
        Run(0, "keys", "import", Other("encrypted.pem"), "--password-file", Other("password"), "--file", Other("from-encrypted"));
        File.ReadAllBytes(Other("from-plain")).ShouldBe(File.ReadAllBytes(Identity));
        File.ReadAllBytes(Other("from-encrypted")).ShouldBe(File.ReadAllBytes(Identity));

        ((string)Run(1, "keys", "import", Other("encrypted.pem"), "--file", Other("x"))["hint"]!).ShouldContain("--password-file");
        File.WriteAllText(Other("password"), "wrong\n");
        ((string)Run(1, "keys", "import", Other("encrypted.pem"), "--password-file", Other("password"), "--file", Other("x"))["error"]!).ShouldContain("password");
        CommandTree.Create().Parse(["keys", "export", "--password-file", "x"]).Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_key_is_overwritten_only_when_asked_to()
    {
        var first = (string)Run(0, "keys", "create")["peerId"]!;
        foreach (var arguments in new string[][] { ["create"], ["import", Identity] })
        {
            var error = Run(1, ["keys", .. arguments]);
            ((string)error["error"]!).ShouldContain(Identity);
            ((string)error["hint"]!).ShouldContain("--force");
        }

        ((string)Run(0, "keys", "show")["peerId"]!).ShouldBe(first);
        var second = (string)Run(0, "keys", "create", "--force")["peerId"]!;
        second.ShouldNotBe(first);
        ((string)Run(0, "keys", "show")["peerId"]!).ShouldBe(second);
    }

    [Fact]
    public void A_file_is_overwritten_by_an_export_only_when_asked_to_and_the_key_itself_never()
    {
        Run(0, "keys", "create");
        File.WriteAllText(Other("text"), "dear to somebody");
        ((string)Run(1, "keys", "export", "--out", Other("text"))["hint"]!).ShouldContain("--force");
        File.ReadAllText(Other("text")).ShouldBe("dear to somebody");
        Run(0, "keys", "export", "--out", Other("text"), "--force");
        OwnerOnly(Other("text"));
        Run(0, "keys", "import", Other("text"), "--file", Other("again"));

        var bytes = File.ReadAllBytes(Identity);
        Run(1, "keys", "export", "--out", Identity, "--force");
        File.ReadAllBytes(Identity).ShouldBe(bytes);
        ((string)Run(1, "keys", "export", "--out", Other("no/such/folder"))["error"]!).ShouldContain("cannot be written");
    }

    [Fact]
    public void The_key_of_a_node_that_runs_is_not_changed_but_may_be_seen()
    {
        Run(0, "keys", "create");
        Run(0, "keys", "export", "--out", Other("text"));
        var bytes = File.ReadAllBytes(Identity);
        using (DataFolderLock.Take(_data.Path))
        {
            foreach (var arguments in new string[][] { ["create", "--force"], ["import", Other("text"), "--force"] })
            {
                var error = Run(1, ["keys", .. arguments]);
                ((string)error["error"]!).ShouldContain("A node runs on the data folder");
                ((string)error["hint"]!).ShouldContain("libp2p stop");

                // By its file's name too, from another data folder.
                ((string)Run(1, ["keys", .. arguments, "--file", Identity, "--data", _other.Path])["error"]!).ShouldContain(_data.Path);
            }

            Run(0, "keys", "show");
            Run(0, "keys", "export", "--out", Other("second"));
            Run(0, "keys", "create", "--file", Other("its own"));
        }

        File.ReadAllBytes(Identity).ShouldBe(bytes);
        Run(0, "keys", "create", "--force");
    }

    [Fact]
    public void Where_configuration_keeps_the_key_it_is_looked_for()
    {
        File.WriteAllText(Path.Combine(_data.Path, "config.json"), new JsonObject { ["Libp2p"] = new JsonObject { ["IdentityFile"] = Other("elsewhere") } }.ToJsonString());
        ((string)Run(0, "keys", "create")["file"]!).ShouldBe(Other("elsewhere"));
        ((string)Run(0, "id")["file"]!).ShouldBe(Other("elsewhere"));
        File.Exists(Identity).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n")]
    public void What_is_no_key_is_refused_and_nothing_is_written(string text)
    {
        File.WriteAllText(Other("text"), text);
        var error = Run(1, "keys", "import", Other("text"));
        ((string)error["error"]!).ShouldContain("holds no private key");
        ((string)error["hint"]!).ShouldContain("base64");
        File.Exists(Identity).ShouldBeFalse();
    }

    [Fact]
    public void Every_prefix_of_a_key_and_a_text_too_long_are_refused()
    {
        using var key = PrivateKey.Generate();
        var whole = key.ToProtobuf();
        for (var length = 0; length < whole.Length; length++)
        {
            var text = whole[..length];
            Should.Throw<CommandException>(() => Commands.Keys.KeyText.Parse(text, "it"));
            Should.Throw<CommandException>(() => Commands.Keys.KeyText.Parse(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(text)), "it"));
        }

        var endless = Enumerable.Repeat((byte)' ', Commands.Keys.KeyText.MaxLength + 1).ToArray();
        Should.Throw<CommandException>(() => Commands.Keys.KeyText.Parse(endless, "it")).Message.ShouldContain("longer");
    }

    [Fact]
    public void White_space_in_a_text_does_no_harm()
    {
        using var key = PrivateKey.Generate(KeyType.Rsa);
        var text = Convert.ToBase64String(key.ToProtobuf(), Base64FormattingOptions.InsertLineBreaks) + "\r\n\r\n";
        using var read = Commands.Keys.KeyText.Parse(System.Text.Encoding.ASCII.GetBytes("  " + text), "it");
        read.PublicKey.ShouldBe(key.PublicKey);
    }

    [Fact]
    public void Without_a_key_there_is_nothing_to_show_and_none_is_made()
    {
        foreach (var arguments in new string[][] { ["show"], ["export", "--out", Other("x")] })
        {
            ((string)Run(1, ["keys", .. arguments])["hint"]!).ShouldContain("libp2p keys create");
            File.Exists(Identity).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Through_a_pipe_a_key_goes_from_one_node_to_another()
    {
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "keys", "create", "--json");
        code.ShouldBe(0, errors);
        var peer = (string)JsonNode.Parse(output.Single())!["peerId"]!;

        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "keys", "export");
        code.ShouldBe(0, errors);
        var text = output.ShouldHaveSingleItem();
        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "keys", "export", "--json");
        code.ShouldBe(0, errors);
        var exported = JsonNode.Parse(output.Single())!;
        ((string)exported["privateKey"]!).ShouldBe(text);
        ((string)exported["peerId"]!).ShouldBe(peer);

        (code, output, errors) = await NodeProcess.RunWithInputAsync(_other.Path, text, "keys", "import");
        code.ShouldBe(0, errors);
        output[0].ShouldEndWith(peer);
        output.ShouldAllBe(line => !line.Contains(text));
        File.ReadAllBytes(Other("identity.key")).ShouldBe(File.ReadAllBytes(Identity));
    }

    [Fact]
    public async Task A_terminal_is_shown_the_private_key_only_when_asked_to()
    {
        if (PseudoTerminal.Missing is { } why) Assert.Skip(why);
        Run(0, "keys", "create");
        var text = Convert.ToBase64String(File.ReadAllBytes(Identity));
        var (code, screen) = await OnTerminalAsync("keys", "export");
        code.ShouldBe(1);
        screen.ShouldContain("--yes");
        screen.ShouldNotContain(text);
        (code, screen) = await OnTerminalAsync("keys", "export", "--yes");
        code.ShouldBe(0, screen);
        screen.ShouldContain(text);
    }

    private async Task<(int ExitCode, string Screen)> OnTerminalAsync(params string[] arguments)
    {
        await using var terminal = PseudoTerminal.Start(160, 24, _data.Path, arguments);
        var code = await terminal.EndAsync();
        await terminal.DrainAsync();
        return (code, string.Join('\n', terminal.Screen.Lines()));
    }

    private JsonObject Run(int exitCode, params string[] arguments)
    {
        var (code, output, errors) = InProcess.Run([.. arguments.Contains("--data") ? arguments : [.. arguments, "--data", _data.Path], "--json"]);
        code.ShouldBe(exitCode, errors + output);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static void OwnerOnly(string file)
    {
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
