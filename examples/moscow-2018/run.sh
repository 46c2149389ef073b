#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A week of August 2018, with roles in place of names.  A senator travels with a letter from his president
# and says so; the president's house, the other president's office and a newspaper each tell it
# otherwise.  Every sentence of the newspaper (sentences.tsv) is acted here by whoever said or did it;
# then the same letter is looked at from each side, and from an archive that has everybody's evidence.
# usage: run.sh PATH/TO/valise [FOLDER]
set -eu
here=$(dirname "$(realpath "$0")")
# shellcheck source=examples/moscow-2018/play.sh
. "$here/play.sh" "$1" "${2-$(dirname "$(realpath "$1")")/story-moscow}"

say 'Eleven offices.  Each has the cards of the others, and compared their words on the phone.'
offices house='House of the President' palace='Office of the Other President' \
    administration='Administration of the Other President' senator='Office of the Senator' \
    parliament='Foreign Committee' agencies='Intelligence Agencies' investigation='Investigators' \
    correspondent='Correspondent' newspaper='Newspaper' site='News Site' archive='Archive'
show "valise -C archive card list"
show 'valise record init record records.example/2018'
say 'What is said in public is in public/NAME afterwards, and its office enters it in the record.'

part 'The letter'
say 'The palace lets its administration receive for it.  The house writes to the palace: the letter that the
senator asked for, and a page with his topics.'
mkdir stick internal back
sign receiving 'valise -C palace mandate administration --may receive'
carry palace administration internal
cat >introduction.txt <<'END'
This is to introduce the senator, who travels to you at his own wish and asked for these lines.
Please receive him well.
END
cat >topics.txt <<'END'
The senator would like to speak of work against terror, of talks between the legislatures,
and of an exchange of artists.
END
show 'valise -C house write palace -s "To introduce the senator" -l en --expect-by +14d -a topics.txt -o letter.age introduction.txt'
letter=$(letter_of house) number=$(number_of house)
printf 'letter\t%s\nnumber\t%s\n' "$letter" "$number" >>acts
say 'The senator carries it.  Nobody gave him a mandate; the stick is signed over to him all the same.'
show "valise -C house hand senator stick --letter $letter"
show 'valise -C senator take stick'
say 'On Monday he hands it to the administration.  That signs for it, and not the president.'
show 'valise -C senator hand administration stick --all'
show 'valise -C administration take stick --person "the clerk on duty" --place "reception"'
quiet -C senator take -q stick

part 'What is said'
sentence 1 'The senator says that he delivered a letter of his president.'
sign claimed "valise -C senator claim $letter --party administration --person 'the clerk on duty' --method 'by hand'"
public announced "valise -C senator say assert --yes $letter --fact delivered --party administration --basis own-act --holder 'the senator' 'I delivered a letter of the President.'"
public behalf "valise -C senator say assert --yes $letter --holder 'a spokesman' 'He carried it on behalf of the President.'"
hears newspaper announced behalf
public reported "valise -C newspaper say relay --yes $announced --mode paraphrase 'The senator says that he delivered a letter.'"

sentence 2 'It was an honour to deliver it: to the administration of the other president.'
public honour "valise -C senator say assert --yes $letter --fact handed-over --party administration --basis own-act --holder 'the senator' 'It was an honour to hand it to the administration.'"

sentence 3 'The letter is for work against terror, talks of the legislatures, and exchange of artists.'
public summary "valise -C senator say assert --yes --mode summary $letter 'The President presses for work against terror, talks of the legislatures, and exchange of artists.'"

sentence 4 'The house of the president has not commented.'
public silence "valise -C newspaper say assert --yes house --absence --as-of 2018-08-08 'The house has not commented.'"
say '   Hours later it does.  What the newspaper saw stands, for the time that it names.'
hears house announced behalf honour summary silence
public comment "valise -C house say assert --yes $letter --basis own-act --holder 'a spokesman' 'It is a letter of introduction, written at the wish of the senator.'"
public not_for_us "valise -C house say deny --yes $behalf --holder 'an official' 'It is not true that the President asked him to carry it.'"
public his_topics "valise -C house say deny --yes $summary --holder 'an official' 'The topics are those of the senator.'"
say '   And the palace, which has the number of it and not the letter, tells it otherwise again.'
hears palace announced behalf honour comment
public by_diplomats "valise -C palace say assert --yes letter:$number --holder 'the spokesman' 'It came through diplomatic channels.'"
public not_read "valise -C palace say assert --yes letter:$number --absence --as-of 2018-08-09 --fact opened --holder 'the spokesman' 'We have not read it yet.'"

sentence 5 'He says that he came to encourage diplomacy.'
public purpose "valise -C senator say assert --yes parliament --holder 'the senator' 'I came to encourage diplomacy in tense times.'"
hears newspaper purpose
public purpose_told "valise -C newspaper say relay --yes $purpose --mode paraphrase 'He says that he came to encourage diplomacy.'"

sentence 6 'On Monday he had talks with members of parliament.'
public talked "valise -C senator say assert --yes --fact talks --party parliament --as-of 2018-08-06 --holder 'the senator' 'I had talks with members of the committee.'"
hears newspaper talked
say '   As long as the other side has not signed that, it is the word of one.  Then it has.'
hears parliament talked
public talked_too "valise -C parliament say assert --yes --fact talks --party senator --supports $talked --as-of 2018-08-06 'We had talks with the senator.'"

sentence 7 'He vowed to block new sanctions.'
public vow "valise -C senator say commit --yes parliament --holder 'the senator' 'I will block new sanctions.'"
hears newspaper vow
public vow_told "valise -C newspaper say relay --yes $vow --mode paraphrase 'He vowed to block new sanctions.'"

sentence 8 'He invited members of parliament to the capital.'
public invited "valise -C senator invite --yes parliament --holder 'the senator' 'A visit of members of the committee to our capital.'"
hears newspaper invited
public invited_told "valise -C newspaper invite announce --yes $invited 'He invited members of parliament to the capital.'"
say '   The committee has it, and says no more than perhaps.'
hears parliament invited
public perhaps "valise -C parliament invite tentative --yes $invited 'We shall see whether a meeting can be organised.'"

sentence 9 'A correspondent recalls: the agencies concluded that the other government had meddled.'
public concluded "valise -C agencies say assert --yes palace --basis assessment 'The other government meddled with the election.'"
hears correspondent concluded
public recalled "valise -C correspondent say relay --yes $concluded --mode paraphrase 'The agencies concluded that it meddled.'"
hears newspaper concluded recalled
public recalled_told "valise -C newspaper say relay --yes $recalled --mode paraphrase 'A correspondent recalls that the agencies concluded that it meddled.'"

sentence 10 'The other side rejects that.'
hears palace concluded
public rejected "valise -C palace say deny --yes $concluded --holder 'the spokesman' 'We had no part in it.'"

sentence 11 'Relations are strained over two wars.'
public strained "valise -C newspaper say assert --yes house palace 'Relations are strained over two wars.'"

sentence 12 'After their summit each president invited the other.'
public inviting "valise -C house invite --yes palace --holder 'the President' 'A visit to our capital.'"
hears newspaper inviting
hears palace inviting
public inviting_back "valise -C newspaper invite announce --yes palace house --reciprocal-of $inviting 'The other president invited him, too.'"

sentence 13 'No new meeting is appointed.'
public no_date "valise -C newspaper say assert --yes house palace --absence --as-of 2018-08-08 'No new meeting is appointed.'"

sentence 14 'The visit moves to next year, when an investigation should be over.'
public moved "valise -C house invite postpone --yes $inviting --not-before 2019-01-01 --waits-for 'The investigation is over.' --owner investigation --expects 'It is over by the end of the year.' --expected-by 2018-12-31 --holder 'a spokesman'"
hears newspaper moved
public moved_told "valise -C newspaper say relay --yes house --source house --mode paraphrase 'The house says that the visit moves to next year.'"

sentence 15 'The president was criticised: it looked as if he took the side of the denial.'
public criticised "valise -C newspaper say relay --yes house --source unnamed 'It looked as if he took the side of the denial.'"

sentence 16 'The other president said that he had wished him to win.'
public wished "valise -C newspaper say relay --yes palace --source palace --mode paraphrase 'He said that he had wished him to win.'"

sentence 17 'The president said something, and corrected it later.'
hears house concluded
public doubted "valise -C house say assert --yes $concluded --holder 'the President' 'There is no cause to think that it would be them.'"
public reworded "valise -C house say correct --yes $doubted --span would --before 'that it ' --after ' be them' --holder 'the President' 'would not'"
public accepted "valise -C house say assert --yes --supports $concluded --holder 'the President' 'I accept what the agencies concluded. It could be others, too.'"

sentence 18 'He still denies that there was collusion.'
public alleged "valise -C newspaper say relay --yes house --source unnamed 'There was collusion.'"
hears house alleged
public no_collusion "valise -C house say deny --yes $alleged --holder 'the President' 'There was no collusion.'"

sentence 19 'And the article is a poor translation.'
printf 'Новая встреча пока не назначена.\n' >article.ru
printf 'Until a new meeting was not appointed.\n' >article.back
original=$(sha256sum <article.ru | cut -c 1-64)
public translated "valise -C site translate --from ru --into en --how machine --engine 'an engine of the net' --with-text sha256:$original article.back"

part 'The same letter, as each of them has it'
say 'The house knows that the senator has it, and no more.'
show "valise -C house status $letter"
say 'The senator holds the signature of the administration, besides his own words.'
show "valise -C senator status $letter"
say 'The palace has words about a letter that it does not have.'
show "valise -C palace status letter:$number"
say 'The newspaper has words alone.'
show "valise -C newspaper status letter:$number"

part 'The sticks go on'
say 'The administration brings it in, and the president opens it.'
carry administration palace internal
show "valise -C palace open $letter --no-sign"
quiet -C palace open -q "$letter" -o opened
say 'The answer goes back with the senator as well, and now he has a mandate, for this one letter.'
printf 'Thank you for these lines.  We shall speak of these topics with pleasure.\n' |
    "$valise" -C palace write -q --reply-to "$letter" -s 'Your lines'
answer=$(letter_of palace)
sign carrying "valise -C palace mandate senator --may carry --once --letter $answer"
show "valise -C palace hand senator back"
show 'valise -C senator take back'
show "valise -C senator hand house back"
show 'valise -C house take back'
show "valise -C house open $answer"
show "valise -C house status $answer"

part 'All that anybody has, in one place'
say 'The archive has a copy of the sealed envelope, and takes the evidence of the three who had the letter,
and all that was said in public.'
for home in house senator palace; do
    show "valise -C $home evidence $letter -o $home.evidence"
done
quiet -C archive take -q letter.age house.evidence senator.evidence palace.evidence public/*
show "valise -C archive status $letter"
show "valise -C archive status $doubted"
show "valise -C archive status $concluded"
show "valise -C archive status $inviting"
show "valise -C archive status $talked"

part 'The record'
show 'valise -C archive record list record --newest-first -n 12'
show 'valise record check record'
say 'Whoever wants to keep the correction takes it along, with the proof that it is in the record.'
show "valise record prove record $reworded --form statement -o reworded.scitt"
show 'valise record check --record record/public/record --card house.card reworded.scitt'

see_pages "/letter/$number" /entry/1
