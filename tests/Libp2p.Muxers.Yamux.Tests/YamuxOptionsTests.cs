using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Muxers.Yamux.Tests;

public class YamuxOptionsTests
{
    public static TheoryData<string, Action<YamuxOptions>> Bad => new()
    {
        { nameof(YamuxOptions.MaxWindow), static o => o.MaxWindow = (256 * 1024) - 1 },
        { nameof(YamuxOptions.MaxGrownCredit), static o => o.MaxGrownCredit = -1 },
        { nameof(YamuxOptions.MaxUnreadBytes), static o => o.MaxUnreadBytes = 0 },
        { nameof(YamuxOptions.MaxFrameLength), static o => o.MaxFrameLength = int.MaxValue },
        { nameof(YamuxOptions.MaxSentFrameLength), static o => o.MaxSentFrameLength = 0 },
        { nameof(YamuxOptions.AcceptBacklog), static o => o.AcceptBacklog = 0 },
        { nameof(YamuxOptions.MaxUnacknowledgedStreams), static o => o.MaxUnacknowledgedStreams = 0 },
        { nameof(YamuxOptions.MaxEarlyStreams), static o => o.MaxEarlyStreams = 0 },
        { nameof(YamuxOptions.MaxInboundStreams), static o => o.MaxInboundStreams = 0 },
        { nameof(YamuxOptions.MaxOutboundStreams), static o => o.MaxOutboundStreams = 1_000_001 },
        { nameof(YamuxOptions.MaxQueuedControlFrames), static o => o.MaxQueuedControlFrames = 31 },
        { nameof(YamuxOptions.MaxQueuedPongs), static o => o.MaxQueuedPongs = 0 },
        { nameof(YamuxOptions.SendBufferSize), static o => o.SendBufferSize = 1000 },
        { nameof(YamuxOptions.KeepAliveInterval), static o => o.KeepAliveInterval = TimeSpan.Zero },
        { nameof(YamuxOptions.KeepAliveTimeout), static o => o.KeepAliveTimeout = Timeout.InfiniteTimeSpan },
        { nameof(YamuxOptions.WriteTimeout), static o => o.WriteTimeout = TimeSpan.Zero },
        { nameof(YamuxOptions.CloseTimeout), static o => o.CloseTimeout = TimeSpan.Zero },
        { nameof(YamuxOptions.LingerTimeout), static o => o.LingerTimeout = TimeSpan.Zero },
        { nameof(YamuxOptions.ResetsPerSecond), static o => o.ResetsPerSecond = 0 },
        { nameof(YamuxOptions.ResetBurst), static o => o.ResetBurst = 0 },
        { nameof(YamuxOptions.MaxResetStrikes), static o => o.MaxResetStrikes = -1 },
    };

    [Fact]
    public void The_defaults_are_valid_and_keepalive_can_be_off()
    {
        new YamuxOptions().Validate().ShouldBeEmpty();
        new YamuxOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }.Validate().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void A_value_outside_its_range_is_refused_by_name(string name, Action<YamuxOptions> set)
    {
        var options = new YamuxOptions();
        set(options);
        var problem = options.Validate().ShouldHaveSingleItem();
        problem.ShouldStartWith(name);
        Should.Throw<ArgumentException>(() => new YamuxMuxer(options)).Message.ShouldContain(name);
    }

    [Fact]
    public void Every_option_has_a_range()
    {
        var checkedNames = Bad.Select(static row => row.Data.Item1).ToHashSet();
        typeof(YamuxOptions).GetProperties().Select(static property => property.Name).ShouldBe(checkedNames, ignoreOrder: true);
    }

    [Fact]
    public async Task The_plugin_exports_a_muxer_with_the_options_of_its_section()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(nameof(YamuxOptions.AcceptBacklog), "7"),
            new(nameof(YamuxOptions.WriteTimeout), TimeSpan.FromSeconds(3).ToString("c", CultureInfo.InvariantCulture)),
        ]).Build();
        var plugin = new YamuxPlugin();
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        plugin.ConfigureServices(services, Context(configuration));
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<YamuxOptions>>().Value;
        options.AcceptBacklog.ShouldBe(7);
        options.WriteTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        var exports = new Exports();
        plugin.Export(provider, exports);
        exports.Roles.ShouldHaveSingleItem().ShouldBeOfType<YamuxMuxer>().Protocol.Value.ShouldBe("/yamux/1.0.0");
    }

    [Fact]
    public async Task A_section_with_a_bad_value_is_refused_before_the_muxer_is_made()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(nameof(YamuxOptions.MaxQueuedPongs), "0")]).Build();
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        new YamuxPlugin().ConfigureServices(services, Context(configuration));
        await using var provider = services.BuildServiceProvider();
        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<YamuxOptions>>().Value)
            .Message.ShouldContain(nameof(YamuxOptions.MaxQueuedPongs));
    }

    [Fact]
    public void The_verb_adds_the_plugin_under_its_name_and_code_wins_over_configuration()
    {
        var builder = new Builder();
        builder.AddYamux(static options => options.AcceptBacklog = 9).ShouldBeSameAs(builder);
        builder.Name.ShouldBe("yamux");
        builder.Factory!().ShouldBeOfType<YamuxPlugin>();
        var own = new ServiceCollection();
        own.AddOptions<YamuxOptions>().Configure(static options => options.AcceptBacklog = 7);
        builder.Configure!(own);
        using var provider = own.BuildServiceProvider();
        provider.GetRequiredService<IOptions<YamuxOptions>>().Value.AcceptBacklog.ShouldBe(9);
    }

    private static PluginContext Context(IConfiguration configuration) => new()
    {
        Name = YamuxPlugin.Name,
        Configuration = configuration,
        Node = null!,
        Identity = TestKit.TestIdentity.Dialer,
        Runtime = TestKit.TestRuntime.System().Node,
        LoggerFactory = NullLoggerFactory.Instance,
        Publish = static _ => { },
    };

    private sealed class Exports : IPluginExports
    {
        public List<object> Roles { get; } = [];

        public IAsyncDisposable Add<T>(T role) where T : class
        {
            Roles.Add(role);
            return null!;
        }
    }

    private sealed class Builder : ILibp2pBuilder
    {
        public string? Name { get; private set; }

        public Func<IPlugin>? Factory { get; private set; }

        public Action<IServiceCollection>? Configure { get; private set; }

        public IServiceCollection Services { get; } = new ServiceCollection();

        public ILibp2pBuilder AddPlugin(string name, Func<IPlugin> factory, Action<IServiceCollection>? configure = null)
        {
            (Name, Factory, Configure) = (name, factory, configure);
            return this;
        }
    }
}
