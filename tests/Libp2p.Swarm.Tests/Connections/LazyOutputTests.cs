using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Libp2p.Swarm.Connections;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Connections;

/// <summary>The reader asks for the proposal to leave, its flush has to wait, and the writer comes meanwhile.</summary>
public class LazyOutputTests
{
    private const string Proposal = "\u0013/multistream/1.0.0\n\u000c/echo/1.0.0\n";

    // The first byte fills it: every flush waits for the reader.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
    private readonly LazyOutput _output;

    public LazyOutputTests() => _output = new LazyOutput(_pipe.Writer, "/echo/1.0.0");

    [Fact]
    public async Task What_is_written_meanwhile_follows_the_proposal()
    {
        var sending = _output.SendProposalAsync();
        sending.IsCompleted.ShouldBeFalse();
        _output.Write("one "u8);
        var flushing = _output.WriteAsync("two"u8.ToArray()).AsTask();
        flushing.IsCompleted.ShouldBeFalse();
        _output.SendProposalAsync().ShouldBe(sending);
        Encoding.UTF8.GetString(await _pipe.Reader.ReadExactlyAsync(Proposal.Length).Within()).ShouldBe(Proposal);
        await sending.Within();
        Encoding.UTF8.GetString(await _pipe.Reader.ReadExactlyAsync(7).Within()).ShouldBe("one two");
        await flushing.Within();
        _output.IsOpen.ShouldBeTrue();
        _output.Write("three"u8);
        await _output.CompleteAsync();
        Encoding.UTF8.GetString(await _pipe.Reader.ReadToEndAsync().Within()).ShouldBe("three");
    }

    [Fact]
    public async Task Memory_taken_before_the_proposal_has_left_is_kept()
    {
        var sending = _output.SendProposalAsync();
        var memory = _output.GetMemory(3);
        Encoding.UTF8.GetString(await _pipe.Reader.ReadExactlyAsync(Proposal.Length).Within()).ShouldBe(Proposal);
        await sending.Within();
        "abc"u8.CopyTo(memory.Span);
        _output.Advance(3);
        _output.Write("def"u8);
        _output.Complete();
        Encoding.UTF8.GetString(await _pipe.Reader.ReadToEndAsync().Within()).ShouldBe("abcdef");
    }

    [Fact]
    public async Task Completed_meanwhile_ends_after_the_proposal()
    {
        var sending = _output.SendProposalAsync();
        _output.Write("last"u8);
        _output.Complete();
        Encoding.UTF8.GetString(await _pipe.Reader.ReadToEndAsync().Within()).ShouldBe(Proposal + "last");
        await sending.Within();
    }

    [Fact]
    public async Task Writer_first_puts_the_proposal_in_front()
    {
        _output.IsUntouched.ShouldBeTrue();
        _output.Write("data"u8);
        _output.IsUntouched.ShouldBeFalse();
        await _output.SendProposalAsync();
        await _output.CompleteAsync();
        Encoding.UTF8.GetString(await _pipe.Reader.ReadToEndAsync().Within()).ShouldBe(Proposal + "data");
    }
}
