using System.Collections.Immutable;
using Libp2p.Generators.Runtime;
using Libp2p.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Libp2p.Generators.Tests.Runtime;

/// <summary>LP2P0400 to LP2P0499.</summary>
public class RuntimeAnalyzerTests
{
    [Theory]
    [InlineData("await [|Task.Run|](() => { });", "Scheduler")]
    [InlineData("await [|Task.Factory.StartNew|](() => { });", "Scheduler")]
    [InlineData("[|ThreadPool.QueueUserWorkItem|](_ => { });", "Scheduler")]
    [InlineData("[|new Thread(() => { })|].ToString();", "Scheduler")]
    [InlineData("[|Task.CompletedTask.Wait|]();", "await")]
    [InlineData("_ = [|System.IO.Pipelines.PipeScheduler.ThreadPool|];", "NodeRuntime.Scheduler")]
    [InlineData("Func<Action, Task> run = [|Task.Run|]; await run(() => { });", "Scheduler")]
    public Task LP2P0400_a_hop(string code, string instead) => Reports("LP2P0400", code, instead);

    [Theory]
    [InlineData("_ = [|new TaskCompletionSource()|];", "ScheduledCompletion")]
    [InlineData("_ = [|new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)|];", "ScheduledCompletion")]
    [InlineData("TaskCompletionSource<int> source = [|new()|];", "ScheduledCompletion")]
    [InlineData("_ = [|new SemaphoreSlim(1)|];", "ScheduledSemaphore")]
    [InlineData("_ = [|System.Threading.Channels.Channel.CreateBounded<int>|](1);", "ScheduledCompletion")]
    [InlineData("await [|Task.Yield|]();", "Scheduler.Yield")]
    [InlineData("_ = [|Task.CompletedTask.ContinueWith|](_ => { });", "await")]
    [InlineData("await [|new CancellationTokenSource().CancelAsync|]();", "CancellationTokenSource.Cancel")]
    public Task LP2P0401_a_wake(string code, string instead) => Reports("LP2P0401", code, instead);

    [Theory]
    [InlineData("_ = [|DateTime.Now|];", "GetUtcNow")]
    [InlineData("_ = [|DateTime.UtcNow|];", "GetUtcNow")]
    [InlineData("_ = [|DateTimeOffset.UtcNow|];", "GetUtcNow")]
    [InlineData("_ = [|System.Diagnostics.Stopwatch.GetTimestamp|]();", "GetTimestamp")]
    [InlineData("_ = [|System.Diagnostics.Stopwatch.Frequency|];", "GetTimestamp")]
    [InlineData("_ = [|Environment.TickCount64|];", "GetTimestamp")]
    [InlineData("_ = [|TimeProvider.System|];", "NodeRuntime.Time")]
    public Task LP2P0402_a_clock(string code, string instead) => Reports("LP2P0402", code, instead);

    [Theory]
    [InlineData("await [|Task.Delay|](1);", "DelayAsync")]
    [InlineData("_ = [|new Timer(_ => { })|];", "CreateTimer")]
    [InlineData("_ = [|new PeriodicTimer(TimeSpan.MaxValue)|];", "NodeRuntime.Time")]
    [InlineData("_ = [|new CancellationTokenSource(1000)|];", "NodeRuntime.Time")]
    [InlineData("_ = [|new CancellationTokenSource(TimeSpan.MaxValue)|];", "NodeRuntime.Time")]
    [InlineData("[|new CancellationTokenSource().CancelAfter|](1);", "NodeRuntime.Time")]
    [InlineData("await [|Task.CompletedTask.WaitAsync|](TimeSpan.Zero);", "NodeRuntime.Time")]
    [InlineData("await [|Task.FromResult(1).WaitAsync|](TimeSpan.Zero);", "NodeRuntime.Time")]
    public Task LP2P0403_a_timer(string code, string instead) => Reports("LP2P0403", code, instead);

    [Theory]
    [InlineData("_ = [|Random.Shared|];")]
    [InlineData("_ = [|new Random(1)|];")]
    [InlineData("[|System.Security.Cryptography.RandomNumberGenerator.Fill|](new byte[1]);")]
    [InlineData("_ = [|Guid.NewGuid|]();")]
    [InlineData("_ = [|Libp2p.RandomSource.System|];")]
    public Task LP2P0404_randomness(string code) => Reports("LP2P0404", code, "NodeRuntime.Random");

    [Theory]
    [InlineData("_ = [|new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp)|];")]
    [InlineData("_ = [|new System.Net.Sockets.TcpClient()|];")]
    [InlineData("_ = [|new System.Net.Sockets.UdpClient()|];")]
    [InlineData("_ = [|System.Net.Dns.GetHostName|]();")]
    [InlineData("_ = [|System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces|]();")]
    public Task LP2P0405_a_network(string code) => Reports("LP2P0405", code, "NodeRuntime.Network");

    [Fact]
    public async Task What_takes_the_runtime_is_not_reported() =>
        (await RunAsync(Source("""
            await Task.Factory.StartNew(() => { }, default, default, TaskScheduler.Current);
            await Task.CompletedTask.WaitAsync(TimeSpan.Zero, runtime.Time);
            await Task.CompletedTask.WaitAsync(new CancellationTokenSource(TimeSpan.Zero, runtime.Time).Token);
            await runtime.DelayAsync(TimeSpan.Zero);
            await runtime.Scheduler.Yield();
            _ = runtime.Random.Next(6) + Thread.CurrentThread.ManagedThreadId;
            new CancellationTokenSource().Cancel();
            """), on: true)).ShouldBeEmpty();

    [Theory]
    [InlineData("true", null, true)]
    [InlineData(null, "true", true)]
    [InlineData("true", "false", false)]
    [InlineData(null, null, false)]
    public async Task It_is_on_in_plugins_and_where_it_is_asked_for(string? plugin, string? rules, bool reported) =>
        (await RunAsync(Source("await Task.Yield();"), plugin, rules)).Length.ShouldBe(reported ? 1 : 0);

    [Fact]
    public async Task The_exceptions_hold_for_the_type_that_is_named_and_for_what_is_in_it()
    {
        const string Code = "namespace Libp2p.Swarm { class NAME { class Inner { object Open() => new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp); } } }";
        (await RunAsync(Code.Replace("NAME", "SystemNetwork"), on: true)).ShouldBeEmpty();
        (await RunAsync(Code.Replace("NAME", "Dialer"), on: true)).ShouldHaveSingleItem().Id.ShouldBe("LP2P0405");
    }

    [Fact]
    public void Every_rule_has_a_diagnostic_and_every_exception_a_reason()
    {
        var known = new RuntimeAnalyzer().SupportedDiagnostics.Select(static descriptor => descriptor.Id).ToHashSet();
        RuntimeRules.All.ShouldAllBe(rule => known.Contains(rule.Id));
        RuntimeRules.Exceptions.ShouldAllBe(exception => exception.Reason.Length > 10);
    }

    private static string Source(string code) =>
        "using System; using System.Threading; using System.Threading.Tasks; using Libp2p;\nnamespace Acme;\nclass Session { async Task RunAsync(NodeRuntime runtime) {\n" + code + "\nawait Task.CompletedTask; } }";

    private static async Task Reports(string id, string code, string instead)
    {
        var marked = new Marked(Source(code));
        var diagnostic = (await RunAsync(marked.Text, on: true)).ShouldHaveSingleItem();
        marked.ShouldBe(diagnostic, id, DiagnosticSeverity.Warning);
        diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture).ShouldContain(instead);
    }

    private static Task<ImmutableArray<Diagnostic>> RunAsync(string source, bool on) => RunAsync(source, on ? "true" : null, null);

    private static async Task<ImmutableArray<Diagnostic>> RunAsync(string source, string? plugin, string? rules)
    {
        var compilation = GeneratorRun.Compile(source);
        compilation.GetDiagnostics().Where(static problem => problem.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        var properties = new Dictionary<string, string>();
        if (plugin is not null) properties["build_property.IsLibp2pPlugin"] = plugin;
        if (rules is not null) properties["build_property.Libp2pRuntimeRules"] = rules;
        var options = new AnalyzerOptions([], new Properties(properties));
        return await compilation.WithAnalyzers([new RuntimeAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
    }

    private sealed class Properties(Dictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(values);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
