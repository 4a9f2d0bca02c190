using System.Text.Json;
using Libp2p.Fuzz.Campaigns;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Tests;

/// <summary>How campaigns take the end of their workers, for which a shell stands here.</summary>
public class CampaignTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private static string Status { get; } = JsonSerializer.Serialize(new LoopStatus("picky", 1234, 5, 6, 7, 8, 0));

    [Theory]
    [InlineData(0, nameof(WorkerEnd.Done))]
    [InlineData(1, nameof(WorkerEnd.Failed))]
    [InlineData(FuzzLoop.HangExitCode, nameof(WorkerEnd.Hang))]
    [InlineData(130, nameof(WorkerEnd.Stopped))] // SIGINT
    [InlineData(143, nameof(WorkerEnd.Stopped))] // SIGTERM
    [InlineData(134, nameof(WorkerEnd.Crash))] // SIGABRT: a stack that is full, a runtime that gives up
    [InlineData(137, nameof(WorkerEnd.Crash))] // SIGKILL: memory
    [InlineData(139, nameof(WorkerEnd.Crash))] // SIGSEGV
    public void An_exit_code_says_whose_doing_it_was(int exitCode, string end) => WorkerEnds.Of(exitCode).ToString().ShouldBe(end);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_worker_that_somebody_stopped_is_no_finding(string signal)
    {
        var total = await Run($"echo '{Status}'; kill -{signal} $$", new StringWriter(), CancellationToken.None);
        (total.Executions, total.Findings).ShouldBe((1234, 0));
    }

    [Fact]
    public async Task An_interrupted_campaign_ends_its_worker_and_tells_what_was_done()
    {
        using var interrupt = new CancellationTokenSource();
        using var output = new Told();
        var running = Run($"echo '{Status}'; exec sleep 600", output, interrupt.Token);
        await output.Something.WaitAsync(Watchdog, TestContext.Current.CancellationToken);
        await interrupt.CancelAsync();
        var total = await running.WaitAsync(Watchdog, TestContext.Current.CancellationToken);
        (total.Executions, total.Findings).ShouldBe((1234, 0));
    }

    private static Task<LoopStatus> Run(string script, TextWriter output, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell is needed");
        return new Campaign(["/bin/sh", "-c", script], 10_000, TimeSpan.FromHours(1), 1, new CampaignProgress(output, terminal: false)).RunAsync("picky", cancellationToken);
    }

    private sealed class Told : StringWriter
    {
        private readonly TaskCompletionSource _something = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Something => _something.Task;

        public override void Write(string? value)
        {
            base.Write(value);
            _something.TrySetResult();
        }
    }
}
