using Libp2p.Crypto;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Noise.Tests;

public sealed class NoisePluginTests
{
    [Fact]
    public void The_plugin_exports_the_channel_with_options_from_configuration()
    {
        using var services = Compose(new() { ["EarlyMuxerNegotiation"] = "false", ["MaxEarlyMuxers"] = "7" });
        services.GetRequiredService<IOptions<NoiseOptions>>().Value.EarlyMuxerNegotiation.ShouldBeFalse();
        services.GetRequiredService<IOptions<NoiseOptions>>().Value.MaxEarlyMuxers.ShouldBe(7);
        var exports = new Exports();
        new NoisePlugin().Export(services, exports);
        exports.Roles.OfType<ISecurityChannel>().ShouldHaveSingleItem().Protocol.ShouldBe("/noise");
    }

    [Fact]
    public void The_plugin_tells_where_its_primitives_come_from()
    {
        using var services = Compose([]);
        var exports = new Exports();
        new NoisePlugin().Export(services, exports);
        var findings = exports.Roles.OfType<ISelfCheck>().ShouldHaveSingleItem().Check().ToDictionary(f => f.Subject);
        findings.Keys.ShouldBe(["ChaCha20-Poly1305", "X25519", "HKDF-SHA256"], ignoreOrder: true);
        findings["ChaCha20-Poly1305"].Text.ShouldStartWith($"{CryptoProviders.Aead.Name}: {CryptoProviders.Aead.Origin}");
        findings["X25519"].Text.ShouldStartWith($"{CryptoProviders.X25519.Name}: {CryptoProviders.X25519.Origin}");
        findings.Values.ShouldAllBe(f => f.Level == FindingLevel.Ok || f.Remedy != null);
        if (CryptoProviders.Aead.Name == "openssl" && OperatingSystem.IsLinux()) findings["X25519"].Text.ShouldMatch("openssl: OpenSSL 3.*, /.*libcrypto");
    }

    [Fact]
    public void A_second_choice_is_worth_a_note_with_what_the_first_lacks()
    {
        var finding = CryptoProviders.Judge("X25519", "bouncycastle", "BouncyCastle 2", "openssl", "libcrypto: not found");
        finding.Level.ShouldBe(FindingLevel.Note);
        finding.Text.ShouldBe("bouncycastle: BouncyCastle 2; the faster openssl is not in use: libcrypto: not found");
        finding.Remedy.ShouldNotBeNull().ShouldContain("OpenSSL 3");
    }

    [Fact]
    public void The_manifest_tells_hosts_what_is_inside()
    {
        var manifest = typeof(NoisePlugin).Assembly.GetCustomAttributes(typeof(PluginManifestAttribute), false).ShouldHaveSingleItem().ShouldBeOfType<PluginManifestAttribute>();
        manifest.Name.ShouldBe(NoisePlugin.Name);
        manifest.EntryType.ShouldBe(typeof(NoisePlugin).FullName);
        manifest.Protocols.ShouldBe("/noise");
    }

    [Theory]
    [InlineData(nameof(NoiseOptions.MaxEarlyMuxers), "0")]
    [InlineData(nameof(NoiseOptions.MaxEarlyMuxers), "101")]
    [InlineData(nameof(NoiseOptions.MaxUnconsumedBytes), "131071")]
    [InlineData(nameof(NoiseOptions.MaxUnconsumedBytes), "1073741825")]
    public void Options_out_of_range_are_refused_by_name(string option, string value)
    {
        using var services = Compose(new() { [option] = value });
        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<NoiseOptions>>().Value).Message.ShouldContain(option);
    }

    [Fact]
    public void The_defaults_and_the_ends_of_the_ranges_are_valid()
    {
        new NoiseOptions().Validate().ShouldBeEmpty();
        new NoiseOptions { MaxEarlyMuxers = 1, MaxUnconsumedBytes = 128 * 1024 }.Validate().ShouldBeEmpty();
        new NoiseOptions { MaxEarlyMuxers = 100, MaxUnconsumedBytes = 1 << 30 }.Validate().ShouldBeEmpty();
    }

    private static ServiceProvider Compose(Dictionary<string, string?> configuration)
    {
        var own = new ServiceCollection();
        own.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        own.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        new NoisePlugin().ConfigureServices(own, new PluginContext
        {
            Name = NoisePlugin.Name,
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(configuration).Build(),
            Node = null!,
            Identity = TestKit.TestIdentity.Dialer,
            Runtime = TestKit.TestRuntime.System().Node,
            LoggerFactory = NullLoggerFactory.Instance,
            Publish = static _ => { },
        });
        return own.BuildServiceProvider();
    }

    private sealed class Exports : IPluginExports
    {
        public List<object> Roles { get; } = [];

        public IAsyncDisposable Add<T>(T role)
            where T : class
        {
            Roles.Add(role);
            return null!;
        }
    }
}
