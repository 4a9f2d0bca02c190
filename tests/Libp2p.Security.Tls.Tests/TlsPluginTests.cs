using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Tls.Tests;

public sealed class TlsPluginTests
{
    [Fact]
    public void The_plugin_exports_the_channel_with_options_from_configuration()
    {
        using var services = Compose(new() { ["EarlyMuxerNegotiation"] = "false", ["CertificateLifetime"] = "30.00:00:00" });
        services.GetRequiredService<IOptions<TlsOptions>>().Value.EarlyMuxerNegotiation.ShouldBeFalse();
        services.GetRequiredService<IOptions<TlsOptions>>().Value.CertificateLifetime.ShouldBe(TimeSpan.FromDays(30));
        var exports = new Exports();
        new TlsPlugin().Export(services, exports);
        exports.Roles.OfType<ISecurityChannel>().ShouldHaveSingleItem().Protocol.ShouldBe("/tls/1.0.0");
    }

    [Fact]
    public void The_manifest_tells_hosts_what_is_inside()
    {
        var manifest = typeof(TlsPlugin).Assembly.GetCustomAttributes(typeof(PluginManifestAttribute), false).ShouldHaveSingleItem().ShouldBeOfType<PluginManifestAttribute>();
        manifest.Name.ShouldBe(TlsPlugin.Name);
        manifest.EntryType.ShouldBe(typeof(TlsPlugin).FullName);
        manifest.Protocols.ShouldBe("/tls/1.0.0");
    }

    [Theory]
    [InlineData(nameof(TlsOptions.CertificateLifetime), "00:59:59")]
    [InlineData(nameof(TlsOptions.CertificateLifetime), "36526.00:00:00")]
    [InlineData(nameof(TlsOptions.MaxProvenCertificates), "-1")]
    [InlineData(nameof(TlsOptions.MaxProvenCertificates), "1048577")]
    [InlineData(nameof(TlsOptions.MaxHandshakeBytes), "16383")]
    [InlineData(nameof(TlsOptions.MaxHandshakeBytes), "1048577")]
    [InlineData(nameof(TlsOptions.MaxUnconsumedBytes), "131071")]
    [InlineData(nameof(TlsOptions.MaxUnconsumedBytes), "1073741825")]
    public void Options_out_of_range_are_refused_by_name(string option, string value)
    {
        using var services = Compose(new() { [option] = value });
        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<TlsOptions>>().Value).Message.ShouldContain(option);
    }

    [Fact]
    public void The_defaults_and_the_ends_of_the_ranges_are_valid()
    {
        new TlsOptions().Validate().ShouldBeEmpty();
        new TlsOptions { CertificateLifetime = TimeSpan.FromHours(1), MaxProvenCertificates = 0, MaxHandshakeBytes = 16 * 1024, MaxUnconsumedBytes = 128 * 1024 }.Validate().ShouldBeEmpty();
        new TlsOptions { CertificateLifetime = TimeSpan.FromDays(36_525), MaxProvenCertificates = 1 << 20, MaxHandshakeBytes = 1 << 20, MaxUnconsumedBytes = 1 << 30 }.Validate().ShouldBeEmpty();
    }

    private static ServiceProvider Compose(Dictionary<string, string?> configuration)
    {
        var own = new ServiceCollection();
        own.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        own.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        new TlsPlugin().ConfigureServices(own, new PluginContext
        {
            Name = TlsPlugin.Name,
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
