using System.Runtime.CompilerServices;
using Libp2p.TestKit.Tests.Reference;

namespace Libp2p.TestKit.Tests.Mutations;

/// <summary>Every mistake of the reference muxer, and the tests of the suites that must catch it.</summary>
public class MuxerMutationTests
{
    public static TheoryData<MuxerFault> Faults { get; } = [.. Enum.GetValues<MuxerFault>().Where(static fault => fault != MuxerFault.None)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_mutant_is_caught(MuxerFault fault)
    {
        var streams = new MutantStreams(fault);
        var muxer = new MutantMuxer(fault);
        (Func<Task> Test, string Rule)[] catchers = fault switch
        {
            MuxerFault.ResetLooksLikeTheEnd => [By(streams.A_reset_is_never_read_as_the_end), By(streams.Resetting_the_write_side_resets_the_remote_reader)],
            MuxerFault.LostHalfClose => [By(streams.Closing_the_writes_flushes_and_is_read_as_the_end), By(streams.The_end_repeats)],
            MuxerFault.HalfCloseClosesBothWays => [By(streams.One_reads_after_closing_its_own_writes_and_writes_after_the_remote_closed_its)],
            MuxerFault.NoCredit => [By(streams.A_writer_is_held_while_nobody_reads_and_goes_on_as_bytes_are_consumed), By(streams.Bytes_pass_in_order_both_ways_at_once)],
            MuxerFault.CreditOnArrival =>
                [By(streams.A_writer_is_held_while_nobody_reads_and_goes_on_as_bytes_are_consumed), By(streams.Looking_at_bytes_returns_no_credit_only_consuming_does)],
            MuxerFault.NoCreditForDiscarded => [By(streams.Completing_the_input_discards_the_rest_and_still_returns_credit)],
            MuxerFault.UnboundedWindow => [By(streams.A_writer_is_held_while_nobody_reads_and_goes_on_as_bytes_are_consumed)],
            MuxerFault.CodeLost => [By(streams.A_reset_wakes_the_readers_of_both_sides_and_says_who_did_it)],
            MuxerFault.WrongSideBlamed => [By(streams.A_reset_wakes_the_writers_of_both_sides_and_says_who_did_it), By(streams.After_a_reset_reads_and_writes_of_both_sides_keep_failing)],
            MuxerFault.ResetEndsTheConnection => [By(muxer.Closing_or_resetting_one_stream_spares_the_others), By(streams.Disposing_after_a_reset_is_harmless_and_the_connection_lives)],
            MuxerFault.UnboundedBacklog => [By(muxer.Row23_Streams_beyond_the_backlog_are_refused_or_held_back_and_the_connection_lives)],
            MuxerFault.NoKeepalive => [By(() => muxer.Row30_A_remote_that_falls_silent_is_given_up(whileWriting: false))],
            MuxerFault.EqualRolesAccepted => [By(muxer.Two_ends_that_both_play_the_dialer_are_found_out)],
            MuxerFault.LeakedReservation => [By(muxer.What_was_reserved_is_released_when_the_streams_are_closed_and_all_of_it_at_the_end)],
            MuxerFault.ReservationFailureEndsTheConnection => [By(muxer.A_refused_reservation_costs_at_most_a_stream_and_never_an_unexplained_end)],
            MuxerFault.OpenAfterTheEnd => [By(() => muxer.Opening_after_the_end_fails_at_both_ends(abort: true))],
            MuxerFault.UnannouncedFlush => [By(muxer.A_flush_without_bytes_announces_the_stream)],
            MuxerFault.AcceptHangsAtTheEnd => [By(() => muxer.The_end_wakes_who_waits_for_streams_and_keeps_saying_null(abort: true))],
            MuxerFault.UnflushedBytesLostOnClose => [By(streams.Closing_the_writes_flushes_and_is_read_as_the_end)],
            MuxerFault.WritesClosedTooEarly => [By(streams.Closing_waits_for_the_data_that_the_remote_has_not_taken_yet)],
            MuxerFault.GarbageIgnored => [By(muxer.Garbage_ends_the_connection_as_the_fault_of_the_remote)],
            MuxerFault.WireKeptOpen => [By(muxer.Disposing_ends_the_bytes_below), By(muxer.Aborting_ends_the_bytes_below)],
            MuxerFault.TruncationLooksLikeAClose => [By(muxer.A_wire_that_ends_inside_a_frame_is_a_failure)],
            MuxerFault.CancelledFlushLosesBytes => [By(streams.A_flush_cancelled_under_back_pressure_leaves_the_stream_usable_and_loses_nothing)],
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Name the test that catches it."),
        };
        foreach (var (test, rule) in catchers) await Mutants.ShouldBeCaughtAsync(test, rule);
    }

    private static (Func<Task> Test, string Rule) By(Func<Task> test, [CallerArgumentExpression(nameof(test))] string rule = "") => (test, rule);

    private sealed class MutantMuxer(MuxerFault fault) : StreamMuxerContract
    {
        protected override TimeSpan Patience => Mutants.ShortPatience;

        protected override bool CarriesConnectionCodes => true;

        protected override IStreamMuxer CreateMuxer() => new ReferenceMuxer(fault);
    }

    private sealed class MutantStreams(MuxerFault fault) : MuxedStreamContract
    {
        protected override TimeSpan Patience => Mutants.ShortPatience;

        protected override bool CarriesErrorCodes => true;

        protected override bool ResetsOneWayAlone => true;

        protected override async ValueTask<MuxedPair> ConnectAsync() => await MuxedPair.OverAsync(new ReferenceMuxer(fault), new ReferenceMuxer(fault), BytePair.Create());
    }
}
